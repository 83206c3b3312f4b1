import { describe, expect, it } from 'vitest';
import { latestRecords } from '../../src/cli/latest-records.ts';
import { readThrough } from '../../src/cli/read-through.ts';
import type { Log, RecordBatch } from '../../src/streams/log/log.ts';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../src/streams/log/memory/memory-log.ts';

const at = { topic: 't', partition: 0 };
const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);

async function logOf(kind: 'compact' | 'purge', value: string): Promise<LocalLog> {
  const log = createMemoryLog({ batchBytes: 10 });
  await log.topics.ensure([{ name: at.topic, partitions: 1, cleanup: { kind } }]);
  await append(log, value);
  return log;
}

const append = (log: Log, value: string | null, which = keys) =>
  log.append(which.map((key) => ({ ...at, key, value })));

/** The log, with something that happens before its n-th read. */
function meanwhile(log: Log, reads: Readonly<Record<number, () => Promise<void>>>): Log {
  let count = 0;
  async function* read(...[where, from, to]: Parameters<Log['read']>): AsyncGenerator<RecordBatch> {
    await reads[++count]?.();
    yield* log.read(where, from, to);
  }
  return { ...log, read };
}

async function collect(batches: AsyncIterable<RecordBatch>): Promise<string[]> {
  const rows: string[] = [];
  for await (const { records } of batches)
    for (const { key, value } of records) rows.push(`${String(key)}=${String(value)}`);
  return rows;
}

describe('the latest records', () => {
  it('lack none that a compaction took between the two passes', async () => {
    const log = await logOf('compact', 'old');
    const rewrite = async (): Promise<void> => {
      await append(log, 'new', keys.slice(0, 12));
      await log.compact();
    };
    const rows = await collect(latestRecords(meanwhile(log, { 2: rewrite }), at, undefined, fail));
    expect(rows.sort()).toEqual(keys.map((key, i) => `${key}=${i < 12 ? 'new' : 'old'}`).sort());
  });

  it('lack none that compactions took again and again, and have none that were deleted', async () => {
    const log = await logOf('compact', 'old');
    const rewrite = (value: string) => async (): Promise<void> => {
      await append(log, value);
      await append(log, null, keys.slice(0, 3));
      await log.compact();
    };
    const again = meanwhile(log, { 2: rewrite('second'), 4: rewrite('third') });
    const rows = await collect(latestRecords(again, at, undefined, fail));
    expect(rows.sort()).toEqual(
      keys
        .slice(3)
        .map((key) => `${key}=third`)
        .sort(),
    );
  });

  it('are those of one key, where one is asked for', async () => {
    const log = await logOf('compact', 'old');
    expect(await collect(latestRecords(log, at, 'key 7', fail))).toEqual(['key 7=old']);
  });
});

describe('reading through', () => {
  it('goes on behind what was purged on the way, and says so', async () => {
    const log = await logOf('purge', 'x');
    const said: string[] = [];
    const rows: string[] = [];
    for await (const { records } of readThrough(log, at, 0, 20, (line) => said.push(line))) {
      for (const { key } of records) rows.push(String(key));
      if (rows.length <= 5) await log.purge(at, 15);
    }
    expect(rows.length).toBeLessThan(20);
    expect(rows.slice(-5)).toEqual(keys.slice(15));
    expect(said).toEqual([`t[0]: offsets ${rows.length - 5} to 14 were purged before they were read`]);
  });

  it('leaves other errors alone', async () => {
    const log = await logOf('purge', 'x');
    await expect(collect(readThrough(log, { ...at, topic: 'other' }, 0, 20, fail))).rejects.toThrow(/other/);
  });
});

function fail(line: string): void {
  throw new Error(`said: ${line}`);
}
