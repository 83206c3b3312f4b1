import { describe, expect, it } from 'vitest';
import { QuoteGenerator } from '../../../../src/streams/1-ingest/simulated/quote-generator.ts';
import type { SimulatedOptions } from '../../../../src/streams/1-ingest/simulated/simulated-options.ts';
import { simulatedSource } from '../../../../src/streams/1-ingest/simulated/simulated-source.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { partitionOf } from '../../../../src/streams/log/partition-of.ts';
import { crashingLog } from '../support/crashing-log.ts';
import { emptyLog, ingested, latest, PARTITIONS } from '../support/ingested.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';

const START = Date.parse('2024-01-01T00:00:00Z');
const market = { seed: 'a', coins: 20, exponent: 1.2, startTime: START, eventMsPerQuote: 1000 };
const never = new AbortController().signal;

function source(log: Log, more: Partial<SimulatedOptions> = {}): ReturnType<typeof simulatedSource> {
  const scheduler = new ManualClock(START);
  const options = { log, namespace: '', partitions: PARTITIONS, scheduler, market, quotesPerSecond: 'max' } as const;
  return simulatedSource({ ...options, ...more });
}

function made(count: number): readonly string[] {
  const generator = new QuoteGenerator(market);
  return Array.from({ length: count }, () => generator.next().json).sort();
}

const values = async (log: Log): Promise<readonly string[]> => (await ingested(log)).map(({ value }) => value).sort();

describe('the simulated source', () => {
  it('publishes so many quotes of its market, labelled and observed at their event time', async () => {
    const log = await emptyLog();
    expect(await source(log, { count: 6000 }).run(never)).toEqual({ kind: 'finished', records: 6000 });
    const records = await ingested(log);
    expect(records.map(({ value }) => value).sort()).toEqual(made(6000));
    for (const { key, value, partition, headers } of records) {
      const { id, last_updated } = JSON.parse(value) as Record<string, string>;
      expect([key, partition]).toEqual([id, partitionOf(id!, PARTITIONS)]);
      expect(headers).toEqual({ observed_at: last_updated, source: 'simulated' });
    }
    expect(await latest(log, 'pulse.positions', 'namespace')).toEqual({ kind: 'played' });
    expect(await latest(log, 'pulse.tasks', 'ingest|simulated')).toMatchObject({
      ...{ kind: 'played', state: 'ended', records: 6000, progress: 1, speed: null },
      event_time: new Date(START + 5_999_000).toISOString(),
    });
  });

  it('goes on where it died, whichever commit that was, and repeats nothing once it is finished', async () => {
    const count = 5500;
    const all = made(count).join('\n');
    for (const isDone of [false, true]) {
      for (let at = 0; at < 2; at++) {
        const log = await emptyLog();
        await expect(source(crashingLog(log, at, isDone), { count }).run(never)).rejects.toThrow('commit');
        await source(log, { count }).run(never);
        expect(await source(log, { count }).run(never)).toEqual({ kind: 'already-finished', records: count });
        expect((await values(log)).join('\n') === all).toBe(true);
      }
    }
  });

  it('goes on to a larger count, and keeps markets apart', async () => {
    const log = await emptyLog();
    await source(log, { count: 100 }).run(never);
    await source(log, { count: 150 }).run(never);
    expect(await values(log)).toEqual(made(150));
    await source(log, { count: 10, market: { ...market, seed: 'b' } }).run(never);
    expect(await values(log)).toHaveLength(160);
  });

  it('publishes at its rate, without end, until it is stopped', async () => {
    const log = await emptyLog();
    const scheduler = new ManualClock(START);
    const stop = new AbortController();
    const running = source(log, { scheduler, quotesPerSecond: 50 }).run(stop.signal);
    for (let step = 0; step < 20; step++) {
      await until(() => scheduler.waits.length === 2);
      scheduler.advance(250);
    }
    await until(() => scheduler.waits.length === 2);
    stop.abort();
    const { kind, records } = await running;
    expect(kind).toBe('stopped');
    // Five seconds, less at most the step that is due next.
    expect(records).toBeGreaterThanOrEqual(240);
    expect(records).toBeLessThanOrEqual(250);
    expect(await values(log)).toEqual(made(records));
    expect(await latest(log, 'pulse.tasks', 'ingest|simulated')).toMatchObject({ speed: 50, progress: null });
  });

  it('deals the quotes of hot coins out to all partitions where that is wanted, and changes nothing else', async () => {
    const log = await emptyLog();
    await source(log, { count: 3000, spread: true }).run(never);
    const records = await ingested(log);
    expect(records.map(({ value }) => value).sort()).toEqual(made(3000));
    const shares = [0, 1, 2, 3].map((at) => records.filter(({ partition }) => partition === at).length);
    const moved = new Set(
      records.flatMap(({ key, partition }) => (partition === partitionOf(key!, PARTITIONS) ? [] : [key])),
    );
    expect([...moved]).toEqual(['simulated-coin-0001']);
    const plain = await emptyLog();
    await source(plain, { count: 3000 }).run(never);
    const usual = await ingested(plain);
    const before = [0, 1, 2, 3].map((at) => usual.filter(({ partition }) => partition === at).length);
    expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(Math.max(...before) / Math.min(...before));
  });
});
