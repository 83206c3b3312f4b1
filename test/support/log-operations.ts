import fc from 'fast-check';
import { expect } from 'vitest';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import type { OutputRecord, TopicPartition, TopicSpec, TransactionalWriter } from '../../src/streams/log/log.ts';
import type { LogRecord } from '../../src/streams/log/record.ts';
import { type CreateLog, errorCode, type LogUnderTest } from './log-contract-tools.ts';
import { LogModel, type ModelRecord } from './log-model.ts';

const RETENTION_MS = 10_000;
const TOMBSTONE_RETENTION_MS = 5_000;

const specs: readonly TopicSpec[] = [
  { name: 'table', partitions: 2, cleanup: { kind: 'compact' } },
  { name: 'stream', partitions: 2, cleanup: { kind: 'purge' } },
  { name: 'kept', partitions: 1, cleanup: { kind: 'delete', retentionMs: RETENTION_MS } },
];
const partitions: readonly TopicPartition[] = specs.flatMap(({ name, partitions: count }) =>
  Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
);

const where = fc.constantFrom(...partitions);
const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Mostly short values; some that fill a stored batch, some that are larger than one. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8_000, max: 60_000 }).map((length) => 'v'.repeat(length)) },
);
const output: fc.Arbitrary<OutputRecord> = fc
  .record({
    at: where,
    key: fc.option(fc.constantFrom('', 'a', 'b', 'c', 'ÿ', 'd'.repeat(300)).map((key) => Buffer.from(key, 'latin1'))),
    value: fc.option(value, { freq: 4 }),
    header: fc.option(fc.string({ unit: 'binary-ascii', maxLength: 8 })),
  })
  .map(({ at, key, value: text, header }) => ({
    ...at,
    key,
    value: text,
    ...(header === null ? {} : { headers: { h: header } }),
  }));
const commit = fc.array(output, { maxLength: 12 });

/** Everything one can do to a log. */
const logOperation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('append'), commits: fc.array(commit, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit'), writer: fc.nat(3), records: commit }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('open writer'), writer: fc.nat(3), id: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('spoil'), records: commit }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('purge'), at: where, share }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 3_000, 6_000, 20_000) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read'), at: where, from: share, to: share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recreate'), topic: fc.nat(2) }) },
);

type LogOperation = typeof logOperation extends fc.Arbitrary<infer Operation> ? Operation : never;

export const logOperations = fc.array(logOperation, { maxLength: 50, size: 'max' });

/** Does the operations to a new log and to the model; rejects where they differ. */
export async function compareWithModel(create: CreateLog, operations: readonly LogOperation[]): Promise<void> {
  const under = await create({ batchBytes: 3000, tombstoneRetentionMs: TOMBSTONE_RETENTION_MS });
  try {
    await new LogComparison(under).run(operations);
  } finally {
    await under.dispose();
  }
}

interface Opened {
  readonly writer: TransactionalWriter;
  isFenced: boolean;
}

/** A log and the model side by side. */
class LogComparison {
  readonly #under: LogUnderTest;
  readonly #model = new LogModel();
  readonly #writers: (Opened | undefined)[] = [];
  #log: LocalLog;

  constructor(under: LogUnderTest) {
    this.#under = under;
    this.#log = under.log;
  }

  async run(operations: readonly LogOperation[]): Promise<void> {
    await this.#log.topics.ensure(specs);
    for (const { name, partitions: count, cleanup } of specs) this.#model.create(name, count, cleanup);
    for (const operation of operations) await this.#do(operation);
    for (const at of partitions) await this.#compare(at, this.#model.bounds(at).start, Infinity);
  }

  async #do(operation: LogOperation): Promise<void> {
    const { time } = this.#under;
    switch (operation.kind) {
      case 'append':
        return this.#append(operation.commits);
      case 'commit':
        return this.#commit(operation.writer, operation.records);
      case 'open writer':
        return void (await this.#open(operation.writer, `writer-${operation.id}`));
      case 'spoil': {
        const spoiled = [...operation.records, { topic: 'none', partition: 0, key: null, value: null }];
        return expect(this.#log.append(spoiled)).rejects.toEqual(errorCode('unknown-topic'));
      }
      case 'purge': {
        const { start, end } = this.#model.bounds(operation.at);
        const before = start + Math.round((end - start) * operation.share);
        await this.#log.purge(operation.at, before);
        return void this.#model.purge(operation.at, before);
      }
      case 'compact':
        await this.#log.compact();
        return void this.#model.compact(time.now() - TOMBSTONE_RETENTION_MS);
      case 'expire':
        await this.#log.expire();
        return void this.#model.expire(time.now());
      case 'wait':
        return void time.advance(operation.ms);
      case 'read': {
        const { start, end } = this.#model.bounds(operation.at);
        const offset = (part: number): number => start + Math.round((end - start) * part);
        return this.#compare(operation.at, offset(operation.from), offset(operation.to));
      }
      case 'reopen':
        for (const opened of this.#writers) if (opened !== undefined) opened.isFenced = true;
        this.#writers.length = 0;
        this.#log = await this.#under.reopen();
        return undefined;
      case 'recreate': {
        const spec = specs[operation.topic]!;
        await this.#log.topics.remove([spec.name]);
        await this.#log.topics.ensure([spec]);
        return void this.#model.create(spec.name, spec.partitions, spec.cleanup);
      }
    }
  }

  /** All at once, as callers who do not know of each other do. */
  async #append(commits: readonly (readonly OutputRecord[])[]): Promise<void> {
    const appending = commits.map((records) => this.#log.append(records));
    const timestamp = this.#under.time.now();
    for (const records of commits) this.#model.append(records, timestamp);
    const results = await Promise.all(appending);
    for (const { topic, partition } of commits.at(-1)!) {
      expect(results.at(-1)!.nextOffset(topic, partition)).toBe(this.#model.bounds({ topic, partition }).end);
    }
  }

  async #commit(slot: number, records: readonly OutputRecord[]): Promise<void> {
    const opened = this.#writers[slot] ?? (await this.#open(slot, `writer-${slot}`));
    const committing = opened.writer.commit(records);
    if (opened.isFenced) return expect(committing).rejects.toEqual(errorCode('fenced'));
    this.#model.append(records, this.#under.time.now());
    await committing;
  }

  async #open(slot: number, id: string): Promise<Opened> {
    for (const opened of this.#writers) if (opened?.writer.id === id) opened.isFenced = true;
    return (this.#writers[slot] = { writer: await this.#log.writer(id), isFenced: false });
  }

  async #compare(at: TopicPartition, from: number, to: number): Promise<void> {
    expect(await this.#log.bounds(at)).toEqual(this.#model.bounds(at));
    const found: ModelRecord[] = [];
    for await (const { records } of this.#log.read(at, from, to)) found.push(...records.map(asModelled));
    expect(found).toEqual(this.#model.read(at, from, to));
  }
}

const asModelled = (record: LogRecord): ModelRecord => ({
  offset: record.offset,
  timestamp: record.timestamp,
  key: record.key?.toString('latin1') ?? null,
  value: record.value?.toString('latin1') ?? null,
  header: record.header('h')?.toString('latin1'),
});
