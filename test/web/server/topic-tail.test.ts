import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log, OutputRecord, RecordBatch } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { RowReader } from '../../../src/streams/rows/row-format.ts';
import type { RowTable } from '../../../src/streams/rows/row-table.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import type { ShownRecord } from '../../../src/web/pipeline-contract.ts';
import { TopicTail } from '../../../src/web/server/records/topic-tail.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';
import { rowsWith } from '../../support/rows/rows-with.ts';
import { until } from '../../support/web/web-harness.ts';

const FEATURES = 'pulse.features_hourly';
let log: Log;
const ending = new Set<AbortController>();
beforeEach(() => {
  log = createMemoryLog();
});
afterEach(async () => {
  for (const one of ending) one.abort();
  ending.clear();
  await log.close();
});

const create = (): Promise<void> => log.topics.ensure(topicSpecs('', 1));
const record = (value: OutputRecord['value'], key = 'k'): OutputRecord => ({
  ...{ topic: FEATURES, partition: 0, key, value },
});
const numbered = (from: number, to: number): Promise<unknown> =>
  log.append(Array.from({ length: to - from }, (_, i) => record(String(from + i))));

interface Followed {
  readonly tail: TopicTail;
  readonly told: ShownRecord[];
  skipped: number;
}

/** Follows the topic from now on. */
function follow(from: Log = log, rows: RowReader = jsonRows(), table?: RowTable): Followed {
  const stopping = new AbortController();
  ending.add(stopping);
  const followed: Followed = {
    told: [],
    skipped: 0,
    tail: new TopicTail({
      ...{ log: from, rows, topic: FEATURES, table, scheduler: asyncScheduler },
      onNews() {
        const { records, skipped } = followed.tail.takeNews();
        followed.told.push(...records);
        followed.skipped += skipped;
      },
    }),
  };
  void followed.tail.run(stopping.signal);
  return followed;
}
const offsets = ({ told }: Followed): readonly number[] => told.map(({ offset }) => offset);

/** The log, with other batches when it is followed. */
const withTail = (tail: Log['tail']): Log => Object.assign(Object.create(log) as Log, { tail });

describe('a topic that is followed', () => {
  it('begins with its newest records, goes on with what comes, and keeps a bounded number', async () => {
    await create();
    await numbered(0, 100);
    const followed = follow();
    await until(() => followed.told.length === 25, 'the newest are told');
    await numbered(100, 390);
    await until(() => followed.told.at(-1)?.offset === 389, 'what came is told');
    expect(offsets(followed).slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, i) => 75 + i));
    expect(followed.told.length + followed.skipped).toBe(315);
    expect(followed.tail.kept.length).toBeLessThanOrEqual(200);
    expect(followed.tail.kept.at(-1)?.offset).toBe(389);
  });

  it('jumps to the end where it is far behind, and counts what nobody looked at', async () => {
    await create();
    await numbered(0, 10);
    let followings = 0;
    const slow = withTail(async function* (positions, signal): AsyncGenerator<RecordBatch> {
      followings += 1;
      if (followings === 1) await numbered(10, 5_000);
      for await (const batch of log.tail(positions, signal))
        // As a log gives it that reads a little at a time.
        for (let i = 0; i < batch.records.length; i += 50) {
          const records = batch.records.slice(i, i + 50);
          yield { ...batch, records, nextOffset: (records.at(-1)?.offset ?? 0) + 1 };
        }
    });
    const followed = follow(slow);
    await until(() => followed.told.at(-1)?.offset === 4_999, 'it is at the end');
    expect(followings).toBe(2);
    expect(followed.told.length).toBeLessThan(200);
    expect(new Set(offsets(followed)).size).toBe(followed.told.length);
    expect(followed.told.length + followed.skipped).toBe(5_000);
  });

  it('says nothing more of a topic that was not there once it is, though it has no record yet', async () => {
    let news = 0;
    const stopping = new AbortController();
    ending.add(stopping);
    const tail = new TopicTail({
      ...{ log, rows: jsonRows(), topic: FEATURES, table: undefined, scheduler: asyncScheduler },
      onNews: () => (news += 1),
    });
    void tail.run(stopping.signal);
    await until(() => tail.failure === 'There is no such topic yet.', 'it says why');
    expect(tail.takeNews().hasRecovered).toBe(false);
    await create();
    const told = news;
    await until(() => news > told && tail.failure === undefined, 'it tells that it is there');
    expect(tail.takeNews()).toEqual({ records: [], skipped: 0, hasRecovered: true });
    expect(tail.takeNews().hasRecovered).toBe(false);
  });

  it('says why nothing can be read, and after a failure goes on behind what it has told', async () => {
    const followed = follow();
    await until(() => followed.tail.failure === 'There is no such topic yet.', 'it says why');
    await create();
    let failures = 0;
    const failing = withTail(async function* (positions, signal): AsyncGenerator<RecordBatch> {
      for await (const batch of log.tail(positions, signal)) {
        yield batch;
        if (failures++ === 0) throw new Error('the broker is away');
      }
    });
    await numbered(0, 5);
    const other = follow(failing);
    await until(() => other.tail.failure === 'the broker is away', 'it says why');
    await numbered(5, 8);
    await until(() => other.told.at(-1)?.offset === 7, 'it goes on');
    expect(offsets(other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(other.tail.kept.map(({ offset }) => offset)).toEqual(offsets(other));
    expect(other.tail.failure).toBe(undefined);
  });
});

describe('rows in Avro', () => {
  const avro = async (registry: MemoryRegistry, coinId: string): Promise<OutputRecord> => {
    const row = { coinId, ts: 0, price: 1.5, marketCap: null, volume: 3, features: { ret_1h: 0.5 }, final: true };
    return record((await rowsWith(registry).writer()).features(row), coinId);
  };

  it('are shown as the JSON that they stand for, beside rows in JSON and bytes that are neither', async () => {
    await create();
    const registry = new MemoryRegistry();
    await log.append([await avro(registry, 'bitcoin'), record('{"price":2}'), record(Buffer.of(0, 0, 0, 0, 1, 255))]);
    const followed = follow(log, rowsWith(registry), 'features');
    await until(() => followed.told.length === 3, 'they are told');
    const [first, second, third] = followed.told;
    expect(first).toMatchObject({ form: 'avro', key: 'bitcoin' });
    expect(JSON.parse(first?.value ?? '')).toMatchObject({ coin_id: 'bitcoin', price: 1.5, ret_1h: 0.5 });
    expect(second).toMatchObject({ form: 'text', value: '{"price":2}' });
    expect(third).toMatchObject({ form: 'hex', value: '00 00 00 00 01 ff', bytes: 6 });
  });

  it('are shown as bytes while their schema can’t be had', async () => {
    await create();
    const registry = new MemoryRegistry();
    await log.append([await avro(registry, 'bitcoin')]);
    registry.outage = 'the registry is away';
    const followed = follow(log, rowsWith(registry), 'features');
    await until(() => followed.told.length === 1, 'it is told');
    expect(followed.told[0]).toMatchObject({ form: 'hex' });
    expect(followed.told[0]?.value).toMatch(/^00 00 00 00 /);
  });
});
