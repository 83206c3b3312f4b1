import { createQuoteParser } from '../3-silver/parse-quote.ts';
import type { CoinRow } from './coin-table.ts';
import { addDigests, digestOf, type DigestSum } from './digest.ts';
import type { Merge, TaskWork } from './task-work.ts';

const FUTURE_TOLERANCE_MS = 300_000;

/** What a coin's joined rows come to: rows are many, so they are kept as the sum of their digests. */
interface Joined {
  readonly coinId: string;
  readonly sector: string;
  /** Ticks that had a partner, and the digests of the rows that came of them. */
  readonly rows: DigestSum;
  /** The largest share of the market value that was traded in a day. */
  readonly highestTurnover: number;
}

/** Joins ticks with the rows of coins that the task has; a tick without a partner is counted as of no sector. */
export function joinWork(coins: ReadonlyMap<string, CoinRow>): TaskWork {
  const parse = createQuoteParser({ futureToleranceMs: FUTURE_TOLERANCE_MS });
  const found = new Map<string, Joined>();
  return {
    add(record) {
      const tick = parse(record);
      if (tick.kind !== 'tick') throw new Error(`a simulated quote is no tick: ${tick.kind}`);
      const coin = coins.get(tick.coinId);
      const turnover = coin === undefined ? 0 : (tick.volume ?? 0) / (tick.price * coin.supply);
      const row = `${tick.coinId}|${coin?.symbol}|${coin?.sector}|${tick.eventTs}|${tick.price}|${turnover}`;
      const joined: Joined = {
        coinId: tick.coinId,
        sector: coin?.sector ?? '',
        rows: digestOf(Buffer.from(row, 'latin1'), 1),
        highestTurnover: turnover,
      };
      put(found, joined);
    },
    commit() {
      const rows = [...found.values()].map((joined) => ({ key: joined.coinId, line: JSON.stringify(joined) }));
      found.clear();
      return rows;
    },
  };
}

/** Adds up what the tasks have found of a coin. */
export function joinMerge(): Merge {
  const found = new Map<string, Joined>();
  return {
    add: (line) => put(found, JSON.parse(line) as Joined),
    lines: () => [...found.values()].map((joined) => JSON.stringify(joined)),
  };
}

function put(found: Map<string, Joined>, joined: Joined): void {
  const key = `${joined.coinId}|${joined.sector}`;
  const known = found.get(key);
  if (known === undefined) found.set(key, joined);
  else
    found.set(key, {
      ...known,
      rows: addDigests(known.rows, joined.rows),
      highestTurnover: Math.max(known.highestTurnover, joined.highestTurnover),
    });
}
