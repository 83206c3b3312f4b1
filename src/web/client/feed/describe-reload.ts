import type { MarketRow } from '../../contract.ts';

/** A snapshot that came after a connection was lost. */
export interface Reload {
  /** The coins as the page still shows them. */
  readonly shown: readonly Pick<MarketRow, 'coin' | 'ts'>[];
  /** The coins as the server has them now. */
  readonly coins: readonly Pick<MarketRow, 'coin' | 'ts'>[];
  /** It is another life of the server. */
  readonly isRestart: boolean;
}

/**
 * What a reconnection that reloaded everything is told as. That nothing is missing is claimed only where every coin is at
 * least as far as it was shown: tables that were begun anew, or that the server has yet to read, are behind that.
 */
export function describeReload({ shown, coins, isRestart }: Reload): string {
  const hours = new Map(coins.map(({ coin, ts }) => [coin, ts]));
  const isBehind = shown.some(({ coin, ts }) => (hours.get(coin) ?? -Infinity) < ts);
  const what = `Connected again: ${isRestart ? 'the server had restarted, ' : ''}everything is reloaded`;
  return isBehind
    ? `${what}. It is behind what was shown here: the tables were begun anew, or are still being read.`
    : `${what}, nothing is missing.`;
}
