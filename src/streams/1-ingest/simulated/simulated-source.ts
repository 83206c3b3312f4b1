import { formatRfc3339 } from '../../rfc3339.ts';
import { commitBehind } from '../commit-behind.ts';
import { IngestReporter } from '../ingest-reporter.ts';
import { IngestSession } from '../ingest-session.ts';
import type { IngestOutcome, IngestSource } from '../ingest-source.ts';
import type { MarketSpec } from './quote-generator.ts';
import type { SimulatedOptions } from './simulated-options.ts';
import { SimulatedSteps, type SimulatedStep } from './simulated-steps.ts';

/**
 * Plays a simulated market into `coingecko.markets`. The position commits with the records, so another run of the same
 * market goes on where this one ended.
 */
export const simulatedSource = (options: SimulatedOptions): IngestSource => ({
  async run(signal) {
    const session = await IngestSession.open(options, 'simulated');
    const reporter = new IngestReporter(options, 'simulated', { state: 'running' });
    try {
      const outcome = await play(options, session, reporter, signal);
      await reporter.end({ records: outcome.records });
      return outcome;
    } catch (error) {
      await reporter.fail(error);
      throw error;
    } finally {
      await session.close();
    }
  },
});

async function play(
  options: SimulatedOptions,
  session: IngestSession,
  reporter: IngestReporter,
  signal: AbortSignal,
): Promise<IngestOutcome> {
  const { market, quotesPerSecond, count = Infinity } = options;
  const key = keyOf(market);
  let published = publishedBefore(session.position(key));
  if (published >= count) return { kind: 'already-finished', records: published };
  const speed = quotesPerSecond === 'max' ? null : (quotesPerSecond * market.eventMsPerQuote) / 1000;
  reporter.update({ records: published, speed });
  const commit = async ({ records, reachedTime }: SimulatedStep): Promise<void> => {
    const total = (published += records.length);
    await session.commit(records, { key, value: { source: 'simulated', records: total } });
    const progress = count === Infinity ? null : total / count;
    reporter.update({ records: total, event_time: formatRfc3339(reachedTime), progress });
  };
  await commitBehind(new SimulatedSteps(options).after(published, signal), commit);
  return { kind: published >= count ? 'finished' : 'stopped', records: published };
}

/** Everything that the quotes follow from. */
const keyOf = ({ seed, coins, exponent, startTime, eventMsPerQuote }: MarketSpec): string =>
  `simulated|${seed}|${coins}|${exponent}|${startTime}|${eventMsPerQuote}`;

function publishedBefore(position: unknown): number {
  if (typeof position !== 'object' || position === null || !('records' in position)) return 0;
  return typeof position.records === 'number' ? position.records : 0;
}
