import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../../../src/streams/log/local/maintenance.ts';
import {
  appendTexts,
  at,
  compacted,
  purged,
  readAll,
  readOffsets,
  record,
  sourceOf,
  text,
} from '../../../support/log-contract-tools.ts';
import { ManualTime } from '../../../support/manual-time.ts';

let path = '';
let time: ManualTime;
let log: LocalLog;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
  time = new ManualTime();
  log = await openEmbeddedLog({ path, mode: 'write', time });
});
afterEach(async () => {
  await log.close();
  await rm(path, { recursive: true });
});

const size = (): number => statSync(join(path, 'data.mdb')).size;

/** The number of the last transaction, as the file's two meta pages have it. */
function transactions(): number {
  const file = readFileSync(join(path, 'data.mdb'));
  return Math.max(Number(file.readBigUInt64LE(152)), Number(file.readBigUInt64LE(4096 + 152)));
}

describe('upkeep of an embedded log, as time passes', () => {
  it('keeps a table of positions small through thousands of commits', async () => {
    await log.topics.ensure([{ name: 'positions', partitions: 1, cleanup: compacted }]);
    const sizes: number[] = [];
    for (let hour = 0; hour < 6; hour++) {
      for (let commit = 0; commit < 1500; commit += 50) {
        const records = Array.from({ length: 50 }, (_, i) =>
          record('positions', 0, `task-${i % 20}`, `${commit}`.padEnd(900)),
        );
        await Promise.all(records.map((position) => log.append([position])));
      }
      const { end } = await log.bounds(at('positions'));
      time.advance(10_000);
      await expect.poll(async () => (await readAll(log, at('positions'))).length).toBe(20);
      expect(await log.bounds(at('positions'))).toEqual({ start: 0, end });
      sizes.push(size());
    }
    expect(sizes.at(-1)).toBeLessThan(sizes[1]! * 1.5);
  });

  it('ends in the middle of a pass when the log is closed, and leaves the partition right', async () => {
    await log.topics.ensure([{ name: 'table', partitions: 1, cleanup: compacted }]);
    for (let round = 0; round < 20; round++) {
      const records = Array.from({ length: 1000 }, (_, i) => record('table', 0, `key-${i}`, `${round}`.padEnd(500)));
      await log.append(records);
    }
    time.advance(10_000);
    await new Promise(setImmediate);
    await log.close();
    log = await openEmbeddedLog({ path, mode: 'write', time });
    const newest = new Map(
      (await readAll(log, at('table'))).map(({ key, value }) => [String(key), String(value).trim()]),
    );
    expect(newest).toEqual(new Map(Array.from({ length: 1000 }, (_, i) => [`key-${i}`, '19'])));
    await log.compact();
    expect((await readAll(log, at('table'))).length).toBe(1000);
  });

  it('leaves alone what is hardly worth it', async () => {
    await log.topics.ensure([{ name: 'positions', partitions: 1, cleanup: compacted }]);
    for (let i = 0; i < 20; i++) await log.append([record('positions', 0, 'task', `${i}`)]);
    time.advance(60_000);
    await log.append([]);
    expect((await readAll(log, at('positions'))).length).toBe(20);
  });

  it('gives up what is older than its retention', async () => {
    await log.topics.ensure([{ name: 'kept', partitions: 2, cleanup: { kind: 'delete', retentionMs: 60_000 } }]);
    await appendTexts(log, at('kept', 1), ['old']);
    time.advance(50_000);
    await appendTexts(log, at('kept', 1), ['young']);
    await expect.poll(() => time.pending).toBeGreaterThan(0);
    time.advance(20_000);
    await expect.poll(() => readOffsets(log, at('kept', 1))).toEqual(['1:-=young']);
    expect(await log.bounds(at('kept', 1))).toEqual({ start: 1, end: 2 });
  });

  it('uses the space of removed topics again', async () => {
    const fill = async (): Promise<void> => {
      await log.topics.ensure([{ name: 'passing', partitions: 2, cleanup: purged }]);
      for (let i = 0; i < 10; i++)
        await appendTexts(log, at('passing', i % 2), Array<string>(50).fill('v'.repeat(4000)));
      await log.topics.remove(['passing']);
      await expect.poll(() => time.pending).toBeGreaterThan(0);
      time.advance(10_000);
      // The next turn of the timer is there when the sweep is over.
      await expect.poll(() => time.pending).toBeGreaterThan(0);
    };
    await fill();
    await fill();
    const before = size();
    for (let i = 0; i < 8; i++) await fill();
    expect(size()).toBeLessThan(before * 1.6);
  });
});

describe('readers in the same process', () => {
  it('are woken by a commit, whatever the time', async () => {
    await log.topics.ensure([{ name: 'in', partitions: 1, cleanup: purged }]);
    const source = await sourceOf(log, at('in'));
    source.seek(0);
    const polling = source.poll(60_000);
    await new Promise(setImmediate);
    await appendTexts(log, at('in'), ['one']);
    expect((await polling)?.records.map(text)).toEqual(['-=one']);
  });
});

describe('group commit', () => {
  it('writes the commits of one turn in one transaction', async () => {
    await log.topics.ensure([{ name: 'out', partitions: 1, cleanup: purged }]);
    const writers = await Promise.all(Array.from({ length: 20 }, (_, i) => log.writer(`w${i}`)));
    const before = transactions();
    await Promise.all(writers.map((writer, i) => writer.commit([record('out', 0, null, `${i}`)])));
    expect(transactions() - before).toBeLessThanOrEqual(2);
    expect((await log.bounds(at('out'))).end).toBe(20);
  });

  it('puts commits that come while one is under way into the next transaction', async () => {
    await log.topics.ensure([{ name: 'out', partitions: 1, cleanup: purged }]);
    const before = transactions();
    const first = log.append([record('out', 0, null, 'first')]);
    await new Promise(setImmediate);
    const later = Array.from({ length: 20 }, () => log.append([record('out', 0, null, 'later')]));
    await Promise.all([first, ...later]);
    expect(transactions() - before).toBeLessThanOrEqual(3);
    expect((await log.bounds(at('out'))).end).toBe(21);
  });
});
