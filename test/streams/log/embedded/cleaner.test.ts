import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES } from '../../../../src/streams/log/embedded/batch-layout.ts';
import { Catalog } from '../../../../src/streams/log/embedded/catalog.ts';
import { Cleaner, isDirty } from '../../../../src/streams/log/embedded/cleaner.ts';
import { openEmbeddedLog } from '../../../../src/streams/log/embedded/embedded-log.ts';
import { EmbeddedReads } from '../../../../src/streams/log/embedded/embedded-reads.ts';
import { Environment } from '../../../../src/streams/log/embedded/environment.ts';
import { emptyPartition } from '../../../../src/streams/log/embedded/partition-state.ts';
import { WriteQueue } from '../../../../src/streams/log/embedded/write-queue.ts';
import type { LocalLog } from '../../../../src/streams/log/local/maintenance.ts';
import { at, compacted, readAll, readTexts, record } from '../../../support/log-contract-tools.ts';

const KEYS = 500;
let path = '';
let log: LocalLog;
let environment: Environment;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
  log = await openEmbeddedLog({ path, mode: 'write' });
  environment = await Environment.open(path, 'write', asyncScheduler);
  await log.topics.ensure([{ name: 'table', partitions: 1, cleanup: compacted }]);
});
afterEach(async () => {
  await environment.close();
  await log.close();
  await rm(path, { recursive: true });
});

describe('the log cleaner', () => {
  it('goes over more keys than it can note in as many passes as it takes', async () => {
    for (let round = 0; round < 3; round++) {
      const records = Array.from({ length: KEYS }, (_, i) => record('table', 0, `key-${i}`, `${round}`.padEnd(1000)));
      await log.append(records);
    }
    const catalog = new Catalog();
    const reads = new EmbeddedReads(environment, catalog, 4096);
    const queue = new WriteQueue(environment, () => undefined);
    const cleaner = new Cleaner(
      catalog,
      reads,
      (operation) => queue.submit(operation),
      new AbortController().signal,
      100,
    );
    const topic = reads.topics()[0]!;
    const cleanedTo: number[] = [];
    for (let passes = 0; reads.state(at('table')).cleanedTo < 3 * KEYS; passes++) {
      const before = reads.state(at('table')).dirtyBytes;
      await cleaner.clean(topic, 0, 0);
      cleanedTo.push(reads.state(at('table')).cleanedTo);
      if (cleanedTo.at(-1)! < 3 * KEYS) expect(reads.state(at('table')).dirtyBytes).toBe(before);
      expect(passes).toBeLessThan(50);
    }
    expect(cleanedTo.length).toBeGreaterThan(5);
    const found = await readAll(log, at('table'));
    expect(found.map(({ offset }) => offset)).toEqual(Array.from({ length: KEYS }, (_, i) => 2 * KEYS + i));
    const { cleanBytes, dirtyBytes } = reads.state(at('table'));
    expect(dirtyBytes).toBe(0);
    expect(cleanBytes).toBeGreaterThan(KEYS * 1000);
    expect(cleanBytes).toBeLessThan(KEYS * 1200);
    for (const { value } of environment.tables.batches.getRange({})) {
      expect(value.length).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    }
    await queue.close();
  });

  it('leaves what it has cleaned as it is, and packs small batches together', async () => {
    const commits = Array.from({ length: 2000 }, (_, i) => log.append([record('table', 0, `${i % 1000}`, `${i}`)]));
    await Promise.all(commits);
    await log.compact();
    await log.compact();
    const batches = (): number => environment.tables.batches.getKeysCount({});
    const after = batches();
    expect(after).toBeLessThan(20);
    await log.compact();
    expect(batches()).toBe(after);
    expect((await readTexts(log, at('table'))).length).toBe(1000);
  });

  it('is due when half of a partition is dirty, and a MiB', () => {
    const mebibyte = 2 ** 20;
    expect(isDirty({ ...emptyPartition, dirtyBytes: mebibyte - 1 })).toBe(false);
    expect(isDirty({ ...emptyPartition, dirtyBytes: mebibyte })).toBe(true);
    expect(isDirty({ ...emptyPartition, cleanBytes: 3 * mebibyte, dirtyBytes: 2 * mebibyte })).toBe(false);
    expect(isDirty({ ...emptyPartition, cleanBytes: 3 * mebibyte, dirtyBytes: 3 * mebibyte })).toBe(true);
  });
});
