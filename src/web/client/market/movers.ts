import type { Column, MarketRow } from '../../contract.ts';
import { isAt, marketHour } from '../../market-hour.ts';

export interface Mover {
  readonly row: MarketRow;
  readonly ret: number;
}

export interface Movers {
  readonly up: readonly Mover[];
  readonly down: readonly Mover[];
  /** The largest move on either side: the length of the longest bar. */
  readonly scale: number;
  /** How many competed. */
  readonly of: number;
}

/** The coins that moved most over 24 hours, the largest moves first. */
export function topMovers(rows: readonly MarketRow[], columns: readonly Column[], count: number): Movers {
  const index = columns.findIndex(({ name }) => name === 'ret_24h');
  const hour = marketHour(rows.map(({ ts }) => ts));
  const moved = rows
    .filter(({ ts }) => hour !== undefined && isAt(ts, hour))
    .flatMap((row) => {
      const ret = row.values[index] ?? null;
      return ret === null ? [] : [{ row, ret }];
    })
    .sort((a, b) => b.ret - a.ret);
  const up = moved.filter(({ ret }) => ret > 0).slice(0, count);
  const down = moved
    .filter(({ ret }) => ret < 0)
    .slice(-count)
    .reverse();
  const scale = Math.max(0, up[0]?.ret ?? 0, -(down[0]?.ret ?? 0));
  return { up, down, scale, of: moved.length };
}
