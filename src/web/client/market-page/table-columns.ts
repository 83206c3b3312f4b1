import type { Column } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainColumn, labelOf } from '../explain/figures.ts';

/** A column of the market table. `rank` says which go first where there is little room: 1 always stays, 5 goes first. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  readonly rank: 1 | 2 | 3 | 4 | 5 | 6;
  readonly explanation: Explanation;
  /** The feature that it shows, and its place in a row's values. */
  readonly feature?: { readonly column: Column; readonly index: number };
}

const ranks: Readonly<Record<string, TableColumn['rank']>> = { ret_24h: 1, ret_1h: 2, zscore_1h: 3, vol_24h: 4 };
const order = ['ret_1h', 'ret_24h', 'vol_24h', 'zscore_1h'];

const star: TableColumn = {
  id: 'star',
  label: 'Watched',
  rank: 1,
  explanation: { title: 'Watched', text: 'Your own list, kept on this browser. The button above shows it alone.' },
};
const coin: TableColumn = {
  id: 'coin',
  label: 'Coin',
  rank: 1,
  explanation: { title: 'Coin', text: 'What the source calls it: its id where no name is known.' },
};
const price: TableColumn = {
  id: 'price',
  label: 'Price, $',
  rank: 1,
  explanation: {
    title: 'Price',
    text: 'The last quote of the coin’s newest hour, in US dollars (a recording: in Tether).',
  },
};
const volume: TableColumn = {
  id: 'volume',
  label: 'Volume',
  rank: 5,
  explanation: { title: 'Volume', text: 'What was traded over the trailing 24 hours, in dollars, as the source says.' },
};
const spark: TableColumn = {
  id: 'spark',
  label: 'Last 24h',
  rank: 3,
  explanation: {
    title: 'Last 24 hours',
    text: 'The price at each of the last 24 hours; a gap is an hour without quotes.',
  },
};

/** The table's columns: the fixed ones, and every feature that compares between coins, so that a new one shows by itself. */
export function tableColumns(columns: readonly Column[]): readonly TableColumn[] {
  const features = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column: { unit } }) => unit === 'ratio' || unit === 'standard deviations')
    .sort((a, b) => placeOf(a.column) - placeOf(b.column))
    .map((feature): TableColumn => {
      const { name } = feature.column;
      return {
        id: name,
        label: labelOf(name),
        rank: ranks[name] ?? 6,
        explanation: explainColumn(feature.column),
        feature,
      };
    });
  return [star, coin, price, ...features, volume, spark];
}

const placeOf = ({ name }: Column): number => {
  const place = order.indexOf(name);
  return place < 0 ? order.length : place;
};
