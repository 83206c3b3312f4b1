import { MAX_COMPARED } from '../../contract.ts';
import { formatOrder, parseOrder, type SortOrder, usualOrder } from './order.ts';

export type ChartRange = '24h' | '3d' | '7d' | 'all' | 'custom';
export type ChartStyle = 'candles' | 'line';
export type ChartScale = 'linear' | 'log' | 'percent';

/** What a person looks at: what a link to it has to hold. */
export interface Place {
  readonly coin: string | null;
  readonly order: SortOrder;
  readonly filter: string;
  /** Only the coins that are watched. */
  readonly isWatched: boolean;
  readonly range: ChartRange;
  readonly style: ChartStyle;
  readonly scale: ChartScale;
  /** Coins that the chosen one is compared with, in percent. */
  readonly compared: readonly string[];
  /** Features with a pane of their own; null: the usual ones. */
  readonly panes: readonly string[] | null;
}

const ranges: readonly ChartRange[] = ['24h', '3d', '7d', 'all'];
const styles: readonly ChartStyle[] = ['candles', 'line'];
const scales: readonly ChartScale[] = ['linear', 'log', 'percent'];

/** Reads a query; whatever it doesn't understand is as usual. */
export function parsePlace(search: string): Place {
  const query = new URLSearchParams(search);
  const sort = query.get('sort');
  const panes = query.get('panes');
  const coin = query.get('coin') || null;
  const compared = new Set(query.getAll('with').filter((other) => other !== '' && other !== coin));
  return {
    coin,
    order: sort ? parseOrder(sort) : usualOrder,
    filter: query.get('q') ?? '',
    isWatched: query.get('watched') === '1',
    range: oneOf(ranges, query.get('range'), '7d'),
    style: oneOf(styles, query.get('style'), 'candles'),
    scale: oneOf(scales, query.get('scale'), 'linear'),
    compared: [...compared].slice(0, MAX_COMPARED),
    panes: panes === null ? null : panes.split(',').filter(Boolean),
  };
}

/** The query of a place; what is as usual is left out. */
export function formatPlace(place: Place): string {
  const { coin, order, filter, isWatched, range, style, scale, compared, panes } = place;
  const query = new URLSearchParams();
  if (coin !== null) query.set('coin', coin);
  for (const other of compared) query.append('with', other);
  const sort = formatOrder(order);
  if (sort !== formatOrder(usualOrder)) query.set('sort', sort);
  if (filter !== '') query.set('q', filter);
  if (isWatched) query.set('watched', '1');
  if (range !== '7d' && range !== 'custom') query.set('range', range);
  if (style !== 'candles') query.set('style', style);
  if (scale !== 'linear') query.set('scale', scale);
  if (panes !== null) query.set('panes', panes.join(','));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const oneOf = <Choice extends string>(choices: readonly Choice[], text: string | null, usual: Choice): Choice =>
  choices.find((choice) => choice === text) ?? usual;
