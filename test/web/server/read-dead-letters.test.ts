import { expect, it } from 'vitest';
import type { Log, RecordBatch } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { readDeadLetters } from '../../../src/web/server/records/read-dead-letters.ts';
import { logRecord } from '../../support/log-record.ts';

const END = 50_000;
const offsets = [[7, 10_000, 20_000, 20_001, 49_999], [], [30_000]];

/** A log whose partitions hold so few letters, far apart: on a cluster, markers of transactions lie between. */
const sparse: Log = Object.assign(Object.create(createMemoryLog()) as Log, {
  topics: { describe: () => Promise.resolve({ partitions: offsets.length }) },
  bounds: () => Promise.resolve({ start: 0, end: END }),
  async *read({ partition }: { partition: number }, from: number, to: number): AsyncGenerator<Partial<RecordBatch>> {
    const found = (offsets[partition] ?? []).filter((offset) => offset >= from && offset < to);
    yield { partition, records: found.map((offset) => logRecord({ offset, timestamp: offset, value: 'x' })) };
  },
});

it.each([undefined, 0])('letters that lie far apart are paged to the end, partition %s', async (partition) => {
  const seen: string[] = [];
  let before: ReadonlyMap<number, number> = new Map();
  for (let pages = 0; ; pages++) {
    expect(pages).toBeLessThan(2000);
    const { letters, next } = await readDeadLetters(sparse, 'dead', { partition, before, limit: 2 });
    seen.push(...letters.map((letter) => `${letter.partition}/${letter.offset}`));
    if (next === null) break;
    const places = String(next).split(',');
    before = new Map(
      places.map((place) => {
        const [of, offset] = partition === undefined ? place.split(':').map(Number) : [partition, Number(place)];
        return [of ?? 0, offset ?? 0];
      }),
    );
  }
  const wanted = ['0/7', '0/10000', '0/20000', '0/20001', '0/49999'];
  expect(seen.sort()).toEqual(partition === undefined ? [...wanted, '2/30000'].sort() : wanted.sort());
});
