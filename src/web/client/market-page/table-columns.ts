import type { Column } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainColumn, headOf } from '../explain/figures.ts';
import { isComparable } from './is-comparable.ts';

/** A column of the market table. `rank` says which go first where there is little room: 1 always stays, 5 goes first. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  readonly rank: 1 | 2 | 3 | 4 | 5 | 6;
  readonly explanation: Explanation;
  /** The feature that it shows, and its place in a row's values. */
  readonly feature?: { readonly column: Column; readonly index: number };
}

/** Of a feature that says nothing of it. */
export const USUAL_RANK = 6;

const units: readonly Column['unit'][] = ['change', 'ratio', 'standard deviations'];

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

/**
 * The table's columns: the fixed ones, and every feature that compares between coins, so that a new one shows by itself.
 * Changes come first, then sizes and deviations; of each the shortest window.
 */
export function tableColumns(columns: readonly Column[]): readonly TableColumn[] {
  const features = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => isComparable(column))
    .sort((a, b) => kindOf(a.column) - kindOf(b.column) || a.column.hours - b.column.hours)
    .map((feature): TableColumn => {
      const { column } = feature;
      return {
        id: column.name,
        label: headOf(column),
        rank: column.rank ?? USUAL_RANK,
        explanation: explainColumn(column),
        feature,
      };
    });
  return [star, coin, price, ...features, volume, spark];
}

const kindOf = ({ unit }: Column): number => units.indexOf(unit);
