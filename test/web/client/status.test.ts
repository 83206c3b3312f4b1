import { describe, expect, it } from 'vitest';
import type { IngestReport } from '../../../src/streams/task/reports.ts';
import type { ConnectionState } from '../../../src/web/client/feed/connection.ts';
import { describeReload } from '../../../src/web/client/feed/describe-reload.ts';
import { Latency } from '../../../src/web/client/feed/latency.ts';
import { retryDelay } from '../../../src/web/client/feed/retry-delay.ts';
import { freshnessOf } from '../../../src/web/client/market/freshness.ts';
import { describeLag, describeLatency } from '../../../src/web/client/shell/header-figures.ts';
import { describePause, describeSource } from '../../../src/web/client/shell/source-message.ts';
import type { Status } from '../../../src/web/contract.ts';

const now = Date.UTC(2024, 0, 1);
const open: ConnectionState = { kind: 'open' };
const ago = (ms: number): string => new Date(now - ms).toISOString();

const report = (change: Partial<IngestReport>): IngestReport => ({
  ...{ task: 'ingest|coingecko', kind: 'observed', source: 'coingecko', state: 'running', reported_at: ago(0) },
  ...{ last_success_at: ago(0), interval_ms: 60_000, event_time: null, speed: null, records: 1, progress: null },
  message: null,
  ...change,
});
const status = (source: IngestReport | null): Status => ({
  ...{ namespace: '', source, stages: [], deadLetters: 0 },
  view: { state: 'live', behind: 0, isArriving: false, message: null },
});
const played = (change: Partial<IngestReport> = {}): IngestReport =>
  report({
    ...{ task: 'ingest|recorded', kind: 'played', source: 'recorded', last_success_at: null, interval_ms: null },
    ...{ event_time: '2023-12-05T09:10:00.000Z', speed: 1200, progress: 0.3, ...change },
  });

describe('the freshness of a source', () => {
  it.each([
    [0, 'fresh'],
    [120_000, 'fresh'],
    [120_001, 'stale'],
    [86_400_000, 'stale'],
  ])('polled every 60 s and fetched %d ms ago is %s', (ms, kind) => {
    expect(freshnessOf(status(report({ last_success_at: ago(ms) })), now)).toMatchObject({ kind, ageMs: ms });
  });

  it('follows the effective interval, whatever the ingest reports besides', () => {
    const slow = report({ last_success_at: ago(480_000), interval_ms: 300_000, state: 'failing' });
    expect(freshnessOf(status(slow), now).kind).toBe('fresh');
    expect(freshnessOf(status({ ...slow, last_success_at: ago(480_001) }), now).kind).toBe('stale');
  });

  it('is stale where it fails before its first success, or falls silent; unknown before that', () => {
    const first = report({ last_success_at: null, state: 'starting' });
    expect(freshnessOf(status(first), now).kind).toBe('unknown');
    expect(freshnessOf(status({ ...first, state: 'failing' }), now).kind).toBe('stale');
    expect(freshnessOf(status({ ...first, reported_at: ago(60_000) }), now).kind).toBe('stale');
    expect(freshnessOf(status(null), now).kind).toBe('unknown');
  });

  it('is never stale where the data is played, however long ago', () => {
    expect(freshnessOf(status(played({ reported_at: ago(1e9) })), now)).toMatchObject({
      kind: 'played',
      silentMs: 1e9,
    });
    expect(freshnessOf(status(played({ reported_at: ago(1e9), state: 'ended' })), now)).toMatchObject({
      silentMs: null,
    });
    expect(freshnessOf(status(played()), now)).toMatchObject({ eventTime: Date.UTC(2023, 11, 5, 9, 10) });
  });
});

describe('what the page says of its source', () => {
  const say = (source: IngestReport | null) => describeSource(status(source), freshnessOf(status(source), now), 'utc');

  it('is live for fresh quotes of CoinGecko alone', () => {
    expect(say(report({}))).toMatchObject({ tone: 'live', label: 'Live', headline: 'CoinGecko' });
    for (const source of [null, played(), played({ source: 'simulated' }), report({ last_success_at: ago(1e6) })])
      expect(JSON.stringify(say(source))).not.toMatch(/"Live|"live"/);
  });

  it('says of played data what it is, how fast, and what the ingest says', () => {
    expect(say(played({ message: 'CoinGecko can’t be reached.' }))).toEqual({
      tone: 'played',
      label: 'Not live',
      headline: 'Recorded market of December 2023',
      detail: 'Time-lapse, an hour every 3 s. CoinGecko can’t be reached.',
      progress: 0.3,
    });
    expect(say(played({ speed: null })).detail).toMatch(/at full speed/);
    expect(say(played({ source: 'simulated' }))).toMatchObject({ label: 'Invented', headline: 'Simulated market' });
    expect(say(played({ state: 'ended' })).detail).toMatch(/It ended at 5 Dec 2023, 09:10 UTC/);
    expect(say(played({ reported_at: ago(40_000) })).detail).toMatch(/No word from the playback for 40 s/);
  });

  it('says since when stale data is stale, and why', () => {
    const { tone, detail } = say(report({ last_success_at: ago(300_000), message: 'It answers 429.' }));
    expect(tone).toBe('stale');
    expect(detail).toBe('Prices are as of 31 Dec 2023, 23:55 UTC, 5 min ago. It answers 429.');
    expect(say(report({ last_success_at: null, state: 'failing' })).detail).toMatch(/has not answered yet/);
  });
});

describe('a paused page', () => {
  it('says of when it is, and what it does not show', () => {
    expect(describePause({ at: now, frames: 0 }, status(report({})), 'utc')).toMatchObject({
      ...{ tone: 'paused', label: 'Paused', headline: 'As it was at 00:00:00 UTC', detail: 'Nothing has come since.' },
    });
    expect(describePause({ at: now, frames: 1 }, null, 'utc').detail).toBe('1 update since, not shown.');
  });

  it('does not forget that what it shows was never live', () => {
    expect(describePause({ at: now, frames: 2 }, status(played()), 'utc').detail).toBe(
      '2 updates since, not shown. Not live: a played market.',
    );
  });
});

describe('the header’s figures', () => {
  it('have the latency of the last hundred updates, and call it an estimate', () => {
    const latency = new Latency();
    expect(latency.summary()).toBeNull();
    expect(describeLatency(null)).toMatchObject({ label: 'Latency, est.', value: 'Not yet' });
    for (let ms = 1000; ms > 0; ms -= 10) latency.add(ms);
    latency.add(5);
    expect(latency.summary()).toEqual({ last: 5, median: 490, p95: 940, samples: 100 });
    expect(describeLatency(latency.summary()).value).toBe('≈ 490 ms');
    expect(describeLatency({ last: 1, median: 12_345, p95: 1, samples: 1 }).value).toBe('≈ 12.3 s');
  });

  it('have the lag of all stages and of the page’s view, and none where it is not known', () => {
    const stage = { stage: 'combine', tasks: 1, records: 9, commitMs: 1, reportedAt: now };
    const lagging: Status = {
      ...status(null),
      stages: [
        { ...stage, lag: 1200 },
        { ...stage, stage: 'maintain', lag: 34 },
      ],
    };
    expect(describeLag(null, open).value).toBe('–');
    expect(describeLag(status(null), open).value).toBe('None');
    expect(describeLag(lagging, open).value).toBe('1.2K records');
    expect(
      describeLag(
        { ...lagging, view: { state: 'failing', behind: 0, isArriving: false, message: 'It is gone.' } },
        open,
      ),
    ).toMatchObject({
      ...{ value: 'Unknown', tone: 'warn' },
    });
  });

  it('says that nobody knows it while the connection is lost, and what the figures are of', () => {
    const lost = describeLag(status(null), { kind: 'lost', since: now, retryAt: now });
    expect(lost).toMatchObject({ value: 'Unknown', tone: 'warn' });
    expect(lost.explanation.text).toContain('As they were when the connection was lost.');
  });
});

describe('a connection that reloaded everything', () => {
  const shown = [
    { coin: 'bitcoin', ts: 5 },
    { coin: 'solana', ts: 4 },
  ];

  it('says that nothing is missing where every coin is as far as it was shown, or further', () => {
    const coins = [
      { coin: 'bitcoin', ts: 5 },
      { coin: 'solana', ts: 6 },
      { coin: 'ripple', ts: 1 },
    ];
    expect(describeReload({ shown, coins, isRestart: true })).toBe(
      'Connected again: the server had restarted, everything is reloaded, nothing is missing.',
    );
    expect(describeReload({ shown: [], coins, isRestart: false })).toBe(
      'Connected again: everything is reloaded, nothing is missing.',
    );
  });

  it.each([
    ['no coins yet', []],
    [
      'a coin at an earlier hour',
      [
        { coin: 'bitcoin', ts: 4 },
        { coin: 'solana', ts: 4 },
      ],
    ],
    ['a coin less', [{ coin: 'bitcoin', ts: 5 }]],
  ])('does not say so where the server has %s', (_, coins) => {
    expect(describeReload({ shown, coins, isRestart: true })).toBe(
      'Connected again: the server had restarted, everything is reloaded. ' +
        'It is behind what was shown here: the tables were begun anew, or are still being read.',
    );
  });
});

describe('the wait before another attempt', () => {
  it('doubles from a second to fifteen, less a little chance', () => {
    expect([0, 1, 2, 3, 4, 50].map((attempt) => retryDelay(attempt, () => 0))).toEqual([
      ...[1000, 2000, 4000, 8000, 15_000, 15_000],
    ]);
    expect(retryDelay(0, () => 1)).toBe(750);
  });
});
