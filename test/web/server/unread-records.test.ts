import { describe, expect, it } from 'vitest';
import type { Log, RecordBatch } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import { UnreadRecords } from '../../../src/web/server/pipeline/unread-records.ts';

const at = { topic: 'pulse.partials', partition: 0 };

/** A log whose records are at these offsets alone; how often it was read. */
async function logOf(...offsets: readonly number[]): Promise<{ readonly log: Log; readonly reads: () => number }> {
  const log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', 1));
  await log.append(Array.from({ length: 20 }, (_, i) => ({ ...at, key: `${i}`, value: `${i}` })));
  let reads = 0;
  async function* read(...[where, from, to]: Parameters<Log['read']>): AsyncGenerator<RecordBatch> {
    reads += 1;
    for await (const batch of log.read(where, from, to))
      yield { ...batch, records: batch.records.filter(({ offset }) => offsets.includes(offset)) };
  }
  return { log: { ...log, read }, reads: () => reads };
}

describe('a reader that stands before the end', () => {
  it('is at the end where only markers of transactions are left, and the log is read once to know', async () => {
    const { log, reads } = await logOf(9);
    const unread = new UnreadRecords(log);
    // What has come just now may be on its way.
    expect(await unread.position('maintain', at, 10, 12)).toBe(10);
    expect(reads()).toBe(0);
    for (let again = 0; again < 3; again++) expect(await unread.position('maintain', at, 10, 12)).toBe(12);
    expect(reads()).toBe(1);
  });

  it('is behind where a record is left, and where there are more offsets than markers leave', async () => {
    const { log, reads } = await logOf(11);
    const unread = new UnreadRecords(log);
    for (let again = 0; again < 3; again++) expect(await unread.position('maintain', at, 10, 12)).toBe(10);
    expect(reads()).toBe(1);
    for (let again = 0; again < 3; again++) expect(await unread.position('maintain', at, 12, 20)).toBe(12);
    expect(reads()).toBe(1);
  });

  it('is looked at anew when anything moves, and each reader by itself', async () => {
    const { log } = await logOf(12);
    const unread = new UnreadRecords(log);
    await unread.position('maintain', at, 10, 12);
    expect(await unread.position('maintain', at, 10, 12)).toBe(12);
    expect(await unread.position('page', at, 10, 12)).toBe(10);
    await unread.position('maintain', at, 10, 13);
    expect(await unread.position('maintain', at, 10, 13)).toBe(10);
  });
});
