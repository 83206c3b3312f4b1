import { PulseError } from '../../../errors.ts';
import { IngestReporter } from '../ingest-reporter.ts';
import { IngestSession } from '../ingest-session.ts';
import type { IngestOptions, IngestOutcome, IngestSource } from '../ingest-source.ts';
import type { Access } from './access.ts';
import { CoingeckoClient } from './coingecko-client.ts';
import { CoingeckoRun } from './coingecko-run.ts';
import type { CoinSelection } from './markets-query.ts';
import { effectiveIntervalMs } from './poll-interval.ts';
import { callsPerPoll, poll, type PollSpec } from './poller.ts';
import type { PolledPage } from './quote-publisher.ts';
import { RateLimiter } from './rate-limiter.ts';

/** What the CoinGecko source is built with. */
export interface CoingeckoOptions extends IngestOptions {
  readonly access: Access;
  readonly coins: CoinSelection;
  readonly vsCurrency: string;
  /** The poll interval that is wanted; the effective one may be longer. */
  readonly intervalMs: number;
  /** Of each attempt of a call. */
  readonly timeoutMs: number;
  /** As of stage 2: an hour is final once a coin was observed later than this after its end. */
  readonly graceMs: number;
  /** How many days of the past are backfilled at the start: 0 (none) to 90. */
  readonly backfillDays: number;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
}

/** CoinGecko as a source of quotes. */
export interface CoingeckoSource extends IngestSource {
  /** The interval at which it really polls, in milliseconds. */
  readonly intervalMs: number;
  /**
   * Fetches the first poll's quotes, once and without retries, to see whether CoinGecko can be reached; a {@link run} soon
   * after publishes them, so that no call is wasted. Rejects with `source-unavailable`, `source-rejected`, or the signal's
   * reason.
   */
  connect(signal: AbortSignal): Promise<void>;
}

/**
 * Polls `/coins/markets` into `coingecko.markets`, for ever, and backfills the past beside it.
 *
 * The run goes on through every outage, whatever it looks like; it rejects with `source-rejected` where CoinGecko refuses
 * the very first poll (a bad key, no known coin). The constructor's options are checked: throws `settings`.
 */
export function coingeckoSource(options: CoingeckoOptions): CoingeckoSource {
  const { access, scheduler, random, timeoutMs, coins, vsCurrency, backfillDays } = options;
  if (!(backfillDays >= 0 && backfillDays <= 90)) {
    throw new PulseError('settings', `A backfill of ${backfillDays} days is not to be had by the hour: take 0 to 90.`);
  }
  const limiter = new RateLimiter(scheduler, access.callsPerMinute);
  const spec = { client: new CoingeckoClient({ access, limiter, scheduler, random, timeoutMs }), coins, vsCurrency };
  const intervalMs = intervalOf(options);
  let connected: readonly PolledPage[] | undefined;
  return {
    intervalMs,
    connect: async (signal) => {
      connected = await poll(spec, { signal, attempts: 1 });
    },
    run: (signal) => runSource(options, spec, intervalMs, connected, signal),
  };
}

function intervalOf(options: CoingeckoOptions): number {
  const { access, coins, intervalMs, backfillDays } = options;
  return effectiveIntervalMs({
    configuredMs: intervalMs,
    callsPerPoll: callsPerPoll(options),
    callsPerMinute: access.callsPerMinute,
    callsPerMonth: access.callsPerMonth,
    reservedCalls: backfillDays === 0 ? 0 : coins.kind === 'ids' ? coins.ids.length : coins.count,
  });
}

async function runSource(
  options: CoingeckoOptions,
  spec: PollSpec,
  intervalMs: number,
  connected: readonly PolledPage[] | undefined,
  signal: AbortSignal,
): Promise<IngestOutcome> {
  const session = await IngestSession.open(options, 'coingecko', options.vsCurrency);
  const reporter = new IngestReporter(options, 'coingecko', { interval_ms: intervalMs, currency: options.vsCurrency });
  try {
    const run = new CoingeckoRun({ options, spec, intervalMs, session, reporter });
    const records = await run.go(connected, signal);
    await reporter.end({ message: null, progress: null });
    return { kind: 'stopped', records };
  } catch (error) {
    await reporter.fail(error);
    throw error;
  } finally {
    await session.close();
  }
}
