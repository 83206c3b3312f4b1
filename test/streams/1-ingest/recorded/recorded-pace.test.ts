import { describe, expect, it } from 'vitest';
import { recordedSource } from '../../../../src/streams/1-ingest/recorded/recorded-source.ts';
import type { IngestOutcome } from '../../../../src/streams/1-ingest/ingest-source.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { fixturePath } from '../support/fixtures.ts';
import { emptyLog, ingested, latest, PARTITIONS } from '../support/ingested.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
/** 30 coins, four quotes an hour each. */
const path = fixturePath('market-2023-12-first-8-hours.ndjson.gz');
const AN_HOUR_OF_QUOTES = 120;

interface Played {
  readonly log: Log;
  readonly clock: ManualClock;
  readonly outcome: Promise<IngestOutcome>;
  readonly stop: AbortController;
}

async function play(log: Log, fastForwardMs: number): Promise<Played> {
  const clock = new ManualClock(Date.parse('2025-06-01T00:00:00Z'));
  const stop = new AbortController();
  const source = { log, namespace: '', partitions: PARTITIONS, scheduler: clock, path, again: false } as const;
  return { log, clock, stop, outcome: recordedSource({ ...source, speed: 720, fastForwardMs }).run(stop.signal) };
}

/** The wait for the next quotes, beside the one for the next report. */
const isWaiting = ({ clock }: Played): boolean => clock.waits.length === 2;

async function advance(played: Played, ms: number): Promise<void> {
  played.clock.advance(ms);
  await until(() => isWaiting(played));
}

describe('a paced recording', () => {
  it('gives its first hours at once, then an hour every five seconds', async () => {
    const played = await play(await emptyLog(), 4 * HOUR);
    await until(() => isWaiting(played));
    const atOnce = (await ingested(played.log)).length;
    // Those of the first four hours, and those of the minute in which the fifth begins.
    expect(atOnce).toBe(4 * AN_HOUR_OF_QUOTES + 30);
    for (let step = 0; step < 5; step++) await advance(played, 1000);
    expect((await ingested(played.log)).length).toBe(atOnce + AN_HOUR_OF_QUOTES);
    played.stop.abort();
    await played.outcome;
  });

  it('ends at once when it is stopped, with all that it gave committed, and goes on from there', async () => {
    const played = await play(await emptyLog(), 2 * HOUR);
    await until(() => isWaiting(played));
    played.stop.abort();
    const { kind, records } = await played.outcome;
    expect(kind).toBe('stopped');
    expect((await ingested(played.log)).length).toBe(records);
    const again = await play(played.log, 8 * HOUR);
    expect(await again.outcome).toEqual({ kind: 'finished', records: 8 * AN_HOUR_OF_QUOTES });
    expect(new Set((await ingested(played.log)).map(({ value }) => value)).size).toBe(8 * AN_HOUR_OF_QUOTES);
  });

  it('says once a second how far it is', async () => {
    const played = await play(await emptyLog(), 4 * HOUR);
    await until(() => isWaiting(played));
    await advance(played, 1000);
    expect(await latest(played.log, 'pulse.tasks', 'ingest|recorded')).toMatchObject({
      task: 'ingest|recorded',
      kind: 'played',
      source: 'recorded',
      state: 'running',
      reported_at: '2025-06-01T00:00:01.000Z',
      event_time: '2023-12-01T04:00:00.000Z',
      speed: 720,
      records: 4 * AN_HOUR_OF_QUOTES + 30,
      progress: null,
      last_success_at: null,
      interval_ms: null,
    });
    played.stop.abort();
    await played.outcome;
    expect(await latest(played.log, 'pulse.tasks', 'ingest|recorded')).toMatchObject({ state: 'ended' });
  });

  it('says that it has ended', async () => {
    const played = await play(await emptyLog(), 9 * HOUR);
    await played.outcome;
    expect(await latest(played.log, 'pulse.tasks', 'ingest|recorded')).toMatchObject({
      state: 'ended',
      progress: 1,
      records: 8 * AN_HOUR_OF_QUOTES,
      message: expect.stringContaining('has ended') as string,
    });
  });
});
