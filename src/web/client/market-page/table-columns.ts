import type { Column } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainColumn, headOf } from '../explain/figures.ts';
import { type Currency, currencyOf } from '../format/currency.ts';
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
const price = ({ sign, name }: Currency): TableColumn => ({
  id: 'price',
  label: `Price, ${sign}`,
  rank: 1,
  explanation: { title: 'Price', text: `The last quote of the coin’s newest hour, in ${name}.` },
});
const volume = ({ name }: Currency): TableColumn => ({
  id: 'volume',
  label: 'Volume',
  rank: 5,
  explanation: { title: 'Volume', text: `What was traded over the trailing 24 hours, as the source says, in ${name}.` },
});
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
 * Changes come first, then sizes and deviations; of each the shortest window. `code` is the currency's, as the source reports it.
 */
export function tableColumns(columns: readonly Column[], code?: string): readonly TableColumn[] {
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
  const currency = currencyOf(code);
  return [star, coin, price(currency), ...features, volume(currency), spark];
}

const kindOf = ({ unit }: Column): number => units.indexOf(unit);
