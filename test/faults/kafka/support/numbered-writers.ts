import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { PulseError } from '../../../../src/errors.ts';
import type { Log, OutputRecord, TopicSpec, TransactionalWriter } from '../../../../src/streams/log/log.ts';
import { committedEnds } from '../../../kafka/support/committed-ends.ts';
import { killTopics, LANES, placesOf, transactionOf } from '../../log/numbered-transactions.ts';
import { kcatRecords } from './kcat-table.ts';

const PLAIN_PARTITIONS = 3;
const PAUSE_MS = 5;

const plain: TopicSpec = { name: 'plain', partitions: PLAIN_PARTITIONS, cleanup: { kind: 'purge' } };

/** What {@link NumberedWriters} write to. */
export const numberedTopics: readonly TopicSpec[] = [...killTopics, plain];

/**
 * Commits numbered transactions that span partitions, a writer a lane, and appends numbered records beside them, until
 * stopped. After a rejection a lane does as tasks do: a new writer, which fences the one before, and on from the number that
 * its position says.
 */
export class NumberedWriters {
  readonly #log: Log;
  readonly #committed = new Map<number, number>();
  readonly #appended = new Set<number>();
  readonly #running: Promise<unknown>;
  #isStopped = false;
  #rejections = 0;

  constructor(log: Log) {
    this.#log = log;
    const lanes = Array.from({ length: LANES }, (_, lane) => this.#commitInLane(lane));
    this.#running = Promise.all([...lanes, this.#append()]);
    // Told by `stop`, not as a rejection that nobody handles.
    this.#running.catch(() => undefined);
  }

  /** How many were acknowledged, and how many commits and appends rejected. */
  get figures(): { readonly commits: number; readonly appends: number; readonly rejections: number } {
    const commits = [...this.#committed.values()].reduce((sum, last) => sum + last, 0);
    return { commits, appends: this.#appended.size, rejections: this.#rejections };
  }

  /** Ends when all that is under way has an outcome, for readers that are not ours, too. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    for (const { name } of numberedTopics) await committedEnds(this.#log, name);
  }

  /**
   * Expects, as a consumer that is not ours reads it: every transaction up to the last one whole and once, in the order of
   * the commits; none that was acknowledged missing; of the appended records those acknowledged once, the others once at
   * most, in their order.
   */
  async expectAllThere(brokers: readonly string[], inLog: (topic: string) => string): Promise<void> {
    const places = new Map<string, Map<string, number>>();
    for (const topic of ['first', 'second']) {
      const newest = new Map<string, number>();
      for (const { key, payload, partition } of await kcatRecords(brokers, inLog(topic))) {
        const number = Number.parseInt(payload ?? '', 10);
        const line = `${key} in ${topic}[${partition}]`;
        expect(number, `the order of lane ${line}`).toBeGreaterThanOrEqual(newest.get(line) ?? 0);
        newest.set(line, number);
        const found = places.get(`${key}/${number}`) ?? new Map<string, number>();
        found.set(`${topic}[${partition}]`, (found.get(`${topic}[${partition}]`) ?? 0) + 1);
        places.set(`${key}/${number}`, found);
      }
    }
    let count = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const last = await this.#lastCommitted(lane);
      expect(last, `the position of lane ${lane}`).toBeGreaterThanOrEqual(this.#committed.get(lane) ?? 0);
      for (let number = 1; number <= last; number++)
        expect(places.get(`${lane}/${number}`), `transaction ${number} of lane ${lane}`).toEqual(
          placesOf(lane, number),
        );
      count += last;
    }
    expect(places.size, 'transactions beyond the positions').toBe(count);
    await this.#expectAppended(brokers, inLog(plain.name));
  }

  async #expectAppended(brokers: readonly string[], topic: string): Promise<void> {
    const seen = Array.from({ length: PLAIN_PARTITIONS }, () => [] as number[]);
    for (const { payload, partition } of await kcatRecords(brokers, topic)) seen[partition]?.push(Number(payload));
    for (const [partition, numbers] of seen.entries()) {
      expect(numbers, `${topic}[${partition}]: in order, none twice`).toEqual(
        [...new Set(numbers)].toSorted((a, b) => a - b),
      );
      const there = new Set(numbers);
      const missing = [...this.#appended].filter((number) => !there.has(number));
      expect(missing, `acknowledged, and not in ${topic}[${partition}]`).toEqual([]);
    }
  }

  async #commitInLane(lane: number): Promise<void> {
    while (!this.#isStopped) {
      let writer: TransactionalWriter | undefined;
      try {
        writer = await this.#log.writer(`lane-${lane}`);
        const last = await this.#lastCommitted(lane);
        expect(last, `acknowledged of lane ${lane}`).toBeGreaterThanOrEqual(this.#committed.get(lane) ?? 0);
        for (let number = last + 1; !this.#isStopped; number++) {
          const position = { topic: 'positions', partition: 0, key: `lane-${lane}`, value: `${number}` };
          await writer.commit([...transactionOf(lane, number), position]);
          this.#committed.set(lane, number);
          await sleep(PAUSE_MS);
        }
      } catch (error) {
        this.#mayPass(error);
      } finally {
        await writer?.close();
      }
    }
  }

  async #append(): Promise<void> {
    for (let number = 1; !this.#isStopped; number++) {
      const records = Array.from({ length: PLAIN_PARTITIONS }, (_, partition): OutputRecord => {
        return { topic: plain.name, partition, key: null, value: `${number}` };
      });
      try {
        await this.#log.append(records);
        this.#appended.add(number);
      } catch (error) {
        this.#mayPass(error);
      }
      await sleep(PAUSE_MS);
    }
  }

  /** Rejections that tasks outlive are counted; any other ends the test. */
  #mayPass(error: unknown): void {
    const isOutlived = error instanceof PulseError && (error.remedy === 'retry' || error.code === 'fenced');
    if (!isOutlived) throw error;
    this.#rejections++;
  }

  async #lastCommitted(lane: number): Promise<number> {
    const at = { topic: 'positions', partition: 0 };
    const { start, end } = await this.#log.bounds(at);
    let last = 0;
    for await (const { records } of this.#log.read(at, start, end))
      for (const { key, value } of records) if (String(key) === `lane-${lane}`) last = Number(value);
    return last;
  }
}
