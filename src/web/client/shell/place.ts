import { formatOrder, parseOrder, type SortOrder, usualOrder } from '../market/order.ts';

export type ChartRange = '24h' | '3d' | '7d' | 'all' | 'custom';
export type ChartStyle = 'candles' | 'line';
export type ChartScale = 'linear' | 'log' | 'percent';

/** What a person looks at: what a link to it has to hold. */
export interface Place {
  readonly coin: string | null;
  readonly order: SortOrder;
  readonly filter: string;
  readonly range: ChartRange;
  readonly style: ChartStyle;
  readonly scale: ChartScale;
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
  return {
    coin: query.get('coin') || null,
    order: sort ? parseOrder(sort) : usualOrder,
    filter: query.get('q') ?? '',
    range: oneOf(ranges, query.get('range'), '7d'),
    style: oneOf(styles, query.get('style'), 'candles'),
    scale: oneOf(scales, query.get('scale'), 'linear'),
    panes: panes === null ? null : panes.split(',').filter(Boolean),
  };
}

/** The query of a place; what is as usual is left out. */
export function formatPlace({ coin, order, filter, range, style, scale, panes }: Place): string {
  const query = new URLSearchParams();
  if (coin !== null) query.set('coin', coin);
  const sort = formatOrder(order);
  if (sort !== formatOrder(usualOrder)) query.set('sort', sort);
  if (filter !== '') query.set('q', filter);
  if (range !== '7d' && range !== 'custom') query.set('range', range);
  if (style !== 'candles') query.set('style', style);
  if (scale !== 'linear') query.set('scale', scale);
  if (panes !== null) query.set('panes', panes.join(','));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const oneOf = <Choice extends string>(choices: readonly Choice[], text: string | null, usual: Choice): Choice =>
  choices.find((choice) => choice === text) ?? usual;
