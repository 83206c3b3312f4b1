import type { Column } from '../../contract.ts';
import { USUAL_RANK } from './table-columns.ts';

/** For so many there is room on a phone. */
const MOST = 2;

/** The changes that stand beside the chosen coin's price: those of the highest rank, the shortest window first. */
export const headlines = <Feature extends { readonly column: Column }>(
  features: readonly Feature[],
): readonly Feature[] =>
  features
    .filter(({ column }) => column.unit === 'change')
    .sort((a, b) => (a.column.rank ?? USUAL_RANK) - (b.column.rank ?? USUAL_RANK))
    .slice(0, MOST)
    .sort((a, b) => a.column.hours - b.column.hours);
