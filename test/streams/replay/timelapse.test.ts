import { describe, expect, it, onTestFinished } from 'vitest';
import { Playback } from '../../../src/streams/1-ingest/pace/playback.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { freezeInput } from '../../../src/streams/replay/freeze-input.ts';
import { History } from '../../../src/streams/replay/history.ts';
import { historyExtent } from '../../../src/streams/replay/timelapse/history-extent.ts';
import { mergeHistory } from '../../../src/streams/replay/timelapse/merge-history.ts';
import { timelapseSource } from '../../../src/streams/replay/timelapse/timelapse-source.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import { ManualClock } from '../1-ingest/support/manual-clock.ts';
import { until } from '../1-ingest/support/until.ts';

const PARTITIONS = 2;
const START = Date.parse('2023-12-01T00:00:00Z');
const MINUTE = 60_000;
const topic = 'coingecko.markets';

/** Quotes by partition and the minute at which they were seen; undefined: the record does not say. */
async function historyOf(quotes: readonly (readonly [partition: number, minute: number | undefined])[]) {
  const clock = new ManualClock(START + 600 * MINUTE);
  const log = createMemoryLog({ time: clock });
  onTestFinished(() => log.close());
  await log.topics.ensure([...topicSpecs('', PARTITIONS), ...topicSpecs('lapse', PARTITIONS)]);
  for (const [index, [partition, minute]] of quotes.entries()) {
    const headers: Record<string, string> = { source: 'coingecko', fetched_at: 'then' };
    if (minute !== undefined) headers['observed_at'] = new Date(START + minute * MINUTE).toISOString();
    await log.append([{ topic, partition, key: `c${index}`, value: `{"n":${index}}`, headers }]);
  }
  const input = await freezeInput({
    ...{ live: log, of: '', topic, partitions: PARTITIONS, source: 'topic' as const, bronze: undefined, startedAt: '' },
  });
  const history = await History.open({ live: log, openBronze: () => Promise.resolve(undefined), input });
  return { log, history, input, clock };
}

async function order(history: History): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const run of mergeHistory(history, [0, 0])) keys.push(...run.map(({ record }) => String(record.key)));
  return keys;
}

describe('the quotes of a history', () => {
  it('are in the order in which they were seen, whatever partition they are in', async () => {
    const { history } = await historyOf([
      [0, 1],
      [0, 4],
      [0, 5],
      [1, 0],
      [1, 2],
      [1, 6],
    ]);
    expect(await order(history)).toEqual(['c3', 'c0', 'c4', 'c1', 'c2', 'c5']);
    expect(await historyExtent(history, PARTITIONS)).toEqual({ from: START, to: START + 6 * MINUTE });
  });

  it('are not held up by a stray date', async () => {
    const { history } = await historyOf([
      [0, 1],
      [0, 900_000],
      [0, 2],
      [0, 3],
      [1, 1.5],
      [1, 2.5],
    ]);
    expect(await order(history)).toEqual(['c0', 'c4', 'c1', 'c2', 'c5', 'c3']);
  });

  it('were seen when their records were appended where nothing else says so', async () => {
    const { history } = await historyOf([
      [0, undefined],
      [1, 5],
    ]);
    expect(await order(history)).toEqual(['c1', 'c0']);
    // They do not stretch what the others tell up to the present; alone they are all that there is.
    expect(await historyExtent(history, PARTITIONS)).toEqual({ from: START + 5 * MINUTE, to: START + 5 * MINUTE });
    const { history: untold } = await historyOf([[0, undefined]]);
    expect(await historyExtent(untold, PARTITIONS)).toEqual({ from: START + 600 * MINUTE, to: START + 600 * MINUTE });
  });

  it('reach from the earliest to the latest, wherever they lie: a backfill comes behind what is newer', async () => {
    const { history } = await historyOf([
      [0, 50],
      [0, 90],
      [0, 10],
      [0, 20],
      [1, 60],
    ]);
    expect(await historyExtent(history, PARTITIONS)).toEqual({ from: START + 10 * MINUTE, to: START + 90 * MINUTE });
  });

  it('have no extent where there are none', async () => {
    expect(await historyExtent((await historyOf([])).history, PARTITIONS)).toBeUndefined();
  });
});

describe('a time-lapse', () => {
  const played = async (log: Log) => {
    const ends = [0, 1].map((partition) => log.bounds({ topic: `lapse.${topic}`, partition }));
    return (await Promise.all(ends)).reduce((sum, { end }) => sum + end, 0);
  };

  it('plays each quote when it is due, stands still while it is paused, and ends with all of them as they are', async () => {
    const { log, history, input, clock } = await historyOf([
      [0, 0],
      [1, 1],
      [0, 2],
      [1, undefined],
    ]);
    const playback = new Playback({ speed: 60, fastForwardMs: 0 });
    const reached: number[] = [];
    const stop = new AbortController();
    const outcome = timelapseSource({
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history, ranges: input.ranges, playback },
      ...{ note: 'A test.', onReached: (time: number) => reached.push((time - START) / MINUTE) },
    }).run(stop.signal);
    const waits = () => until(() => clock.waits.length === 2);
    const advance = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await waits();
    };
    await waits();
    expect(await played(log)).toBe(1);
    await advance(500);
    playback.change({ speed: 60, isPaused: true }, clock.now());
    await waits();
    await advance(10_000);
    expect(await played(log)).toBe(1);
    playback.change({ speed: 60, isPaused: false }, clock.now());
    await waits();
    await advance(400);
    expect(await played(log)).toBe(1);
    await advance(100);
    expect(await played(log)).toBe(2);
    playback.seek(START + 601 * MINUTE);
    expect(await outcome).toEqual({ kind: 'finished', records: 4 });
    expect(reached[0]).toBe(0);
    expect(reached[1]).toBe(1);
    const records: { key: string; value: string; headers: Record<string, string> }[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const at = { topic: `lapse.${topic}`, partition };
      for await (const batch of log.read(at, 0, (await log.bounds(at)).end))
        for (const record of batch.records)
          records.push({
            ...{ key: String(record.key), value: String(record.value) },
            headers: Object.fromEntries(Object.entries(record.headers()).map(([name, bytes]) => [name, String(bytes)])),
          });
    }
    const since = (minute: number) => ({
      ...{ fetched_at: 'then', source: 'replay', observed_at: new Date(START + minute * MINUTE).toISOString() },
    });
    expect(records).toEqual([
      { key: 'c0', value: '{"n":0}', headers: since(0) },
      { key: 'c2', value: '{"n":2}', headers: since(2) },
      { key: 'c1', value: '{"n":1}', headers: since(1) },
      { key: 'c3', value: '{"n":3}', headers: since(600) },
    ]);
  });

  it('goes on where it has committed', async () => {
    const { log, history, input, clock } = await historyOf([
      [0, 0],
      [1, 1],
      [0, 2],
    ]);
    const options = {
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history, ranges: input.ranges },
      ...{ note: 'A test.', onReached: () => undefined },
    };
    const stop = new AbortController();
    const first = timelapseSource({ ...options, playback: new Playback({ speed: 1, fastForwardMs: 0 }) }).run(
      stop.signal,
    );
    await until(() => clock.waits.length === 2);
    stop.abort();
    expect(await first).toEqual({ kind: 'stopped', records: 1 });
    const rest = timelapseSource({ ...options, playback: new Playback({ speed: 'max', fastForwardMs: 0 }) });
    expect(await rest.run(new AbortController().signal)).toEqual({ kind: 'finished', records: 3 });
    expect(await played(log)).toBe(3);
  });
});
