import { describe, expect, it } from 'vitest';
import { Playback } from '../../../../src/streams/1-ingest/pace/playback.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { timelapseSource } from '../../../../src/streams/replay/timelapse/timelapse-source.ts';
import { until } from '../../1-ingest/support/until.ts';
import { appendedHistory, historyOf, MINUTE, PARTITIONS, seenAt, START, topic } from './history-of.ts';

describe('a time-lapse', () => {
  const played = async (log: Log) => {
    const ends = [0, 1].map((partition) => log.bounds({ topic: `lapse.${topic}`, partition }));
    return (await Promise.all(ends)).reduce((sum, { end }) => sum + end, 0);
  };

  it('plays each quote when it is due, stands still while it is paused, and ends with all of them as they are', async () => {
    const { log, history, clock } = await historyOf([
      [0, 0],
      [1, 1],
      [0, 2],
      [1, undefined],
    ]);
    const playback = new Playback({ speed: 60, fastForwardMs: 0 });
    const reached: number[] = [];
    const stop = new AbortController();
    const outcome = timelapseSource({
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history, playback },
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
    const { log, history, clock } = await historyOf([
      [0, 0],
      [1, 1],
      [0, 2],
    ]);
    const options = {
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history },
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

  it('says when a quote was seen where its record does not, and leaves what can’t be read as it is', async () => {
    const { log, history, clock } = await appendedHistory([
      { partition: 0, seen: 'yesterday', key: 'unreadable' },
      { partition: 0, seen: undefined, key: 'silent' },
      { partition: 0, seen: '2023-12-01T01:00:00+01:00', key: 'elsewhere' },
    ]);
    const options = {
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history },
      ...{ note: 'A test.', onReached: () => undefined, playback: new Playback({ speed: 'max', fastForwardMs: 0 }) },
    };
    await timelapseSource(options).run(new AbortController().signal);
    const at = { topic: `lapse.${topic}`, partition: 0 };
    const said: [string, string][] = [];
    for await (const { records } of log.read(at, 0, 3))
      said.push(
        ...records.map((record): [string, string] => [String(record.key), String(record.header('observed_at'))]),
      );
    expect(said).toEqual([
      ['elsewhere', '2023-12-01T01:00:00+01:00'],
      ['unreadable', 'yesterday'],
      ['silent', seenAt(600)],
    ]);
  });

  it('has reached the time of what it has committed last, over a gap, too', async () => {
    const { log, history, clock } = await historyOf([
      [0, 9000],
      [1, 0],
      [0, 1],
    ]);
    const reached: number[] = [];
    const run = timelapseSource({
      ...{ log, namespace: 'lapse', partitions: PARTITIONS, scheduler: clock, history, note: 'A test.' },
      playback: new Playback({ speed: 60, fastForwardMs: 0 }),
      onReached: (time) => reached.push((time - START) / MINUTE),
    }).run(new AbortController().signal);
    await until(() => clock.waits.length === 2);
    clock.advance(1000);
    expect(await run).toEqual({ kind: 'finished', records: 3 });
    expect(reached).toEqual([0, 9000]);
  });
});
