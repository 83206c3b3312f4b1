import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { LogChild } from '../../support/log-child.ts';
import { killTopics, LANES, placesOf } from './numbered-transactions.ts';

const ROUNDS = 40;

interface Seen {
  /** By `lane/number`: how many records of it lie in which partition. */
  readonly transactions: Map<string, Map<string, number>>;
  readonly positions: Map<number, number>;
}

async function readEverything(log: LocalLog): Promise<Seen> {
  const seen: Seen = { transactions: new Map(), positions: new Map() };
  for (const { name, partitions } of killTopics) {
    for (let partition = 0; partition < partitions; partition++) await readPartition(log, name, partition, seen);
  }
  return seen;
}

async function readPartition(log: LocalLog, topic: string, partition: number, seen: Seen): Promise<void> {
  const { start, end } = await log.bounds({ topic, partition });
  const newest = new Map<number, number>();
  for await (const { records } of log.read({ topic, partition }, start, end)) {
    for (const { key, value } of records) {
      const lane = Number(String(key).replace('lane-', ''));
      const number = Number.parseInt(String(value), 10);
      if (topic === 'positions') seen.positions.set(lane, number);
      if (topic === 'positions' || topic === 'passing') continue;
      expect(number, `order of lane ${lane} in ${topic}[${partition}]`).toBeGreaterThanOrEqual(newest.get(lane) ?? 1);
      newest.set(lane, number);
      const places = seen.transactions.get(`${lane}/${number}`) ?? new Map<string, number>();
      places.set(`${topic}[${partition}]`, (places.get(`${topic}[${partition}]`) ?? 0) + 1);
      seen.transactions.set(`${lane}/${number}`, places);
    }
  }
}

describe('a writer that is killed with -9 at any moment', () => {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'pulse-killed-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  it('loses nothing it acknowledged, leaves no transaction in part, and a lock that can be taken', async () => {
    const acknowledged = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const child = new LogChild(new URL('committing-writer.ts', import.meta.url), [path]);
      // Every fourth dies while it starts: opens the log, takes the lock, fences the writers before it.
      if (round % 4 === 3) await sleep(Math.random() * 1500);
      else {
        await child.says(/^ready$/);
        await sleep(Math.random() * 300);
      }
      await child.kill();
      expect(child.errors).toBe('');
      for (const line of child.lines) {
        const [lane, number] = line.split(' ').map(Number);
        if (line !== 'ready') acknowledged.set(lane!, number!);
      }
      await verify(acknowledged);
    }
    expect(Math.min(...acknowledged.values())).toBeGreaterThan(ROUNDS);
  });

  async function verify(acknowledged: ReadonlyMap<number, number>): Promise<void> {
    const log = await openEmbeddedLog({ path, mode: 'write' });
    const { transactions, positions } = await readEverything(log);
    let count = 0;
    for (let lane = 0; lane < LANES; lane++) {
      const last = positions.get(lane) ?? 0;
      // Nothing acknowledged is lost, and of what was not acknowledged at most one was under way.
      expect(last).toBeGreaterThanOrEqual(acknowledged.get(lane) ?? 0);
      for (let number = 1; number <= last; number++) {
        expect(transactions.get(`${lane}/${number}`)).toEqual(placesOf(lane, number));
      }
      count += last;
    }
    expect(transactions.size).toBe(count);
    await log.close();
  }
});
