import type { CallOptions, CoingeckoClient } from './coingecko-client.ts';
import { SourceError } from './source-error.ts';
import { marketsQueries, type CoinSelection } from './markets-query.ts';
import type { PolledPage } from './quote-publisher.ts';

/** What a poll asks for. */
export interface PollSpec {
  readonly client: CoingeckoClient;
  readonly coins: CoinSelection;
  readonly vsCurrency: string;
}

/** How many calls a poll makes. */
export const callsPerPoll = ({ coins, vsCurrency }: Omit<PollSpec, 'client'>): number =>
  marketsQueries(coins, vsCurrency).length;

/**
 * All pages of one poll, one after the other, with no more coins than wanted; all or none, since a coin counts as vanished
 * only when everything else is there. Rejects as the client does; where nothing comes, with `source-rejected` when these
 * ids were asked for, else with `source-unavailable`.
 */
export async function poll({ client, coins, vsCurrency }: PollSpec, call: CallOptions): Promise<readonly PolledPage[]> {
  const pages: PolledPage[] = [];
  let left = coins.kind === 'top' ? coins.count : Infinity;
  for (const query of marketsQueries(coins, vsCurrency)) {
    const { elements, fetchedAt, ageMs } = await client.markets(query, call);
    pages.push({ elements: elements.slice(0, left), fetchedAt, ageMs });
    left = Math.max(0, left - elements.length);
  }
  if (pages.every(({ elements }) => elements.length === 0)) throw nothingFor(coins);
  return pages;
}

const nothingFor = (coins: CoinSelection): SourceError =>
  coins.kind === 'ids'
    ? new SourceError('source-rejected', `CoinGecko knows none of the coins ${coins.ids.join(', ')}. Check the coins.`)
    : new SourceError('source-unavailable', 'CoinGecko sent no coins at all.');
