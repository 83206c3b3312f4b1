import { parseHourKey } from '../../3-silver/hour-json.ts';
import type { SetAside } from './diff-tables.ts';
import type { TouchedSince } from './touched-since.ts';

/**
 * Sets rows aside that quotes have reached since: an hour's own row, the feature rows whose windows hold the hour, and the
 * coin's mover; of the coin's other rows, whether they are final. `reach`: the longest window, in hours.
 */
export const setAsideSince =
  (touched: TouchedSince, reach: number): SetAside =>
  (table, key, fields) => {
    if (table === 'movers') return touched.isCoin(key);
    const { coinId, ts } = parseHourKey(Buffer.from(key, 'utf8'));
    if (touched.isWithin(coinId, ts, table === 'prices' ? 1 : reach)) return true;
    return touched.isCoin(coinId) && fields.every((name) => name === 'final');
  };
