import type { DiffReport, TableDiff } from './diff-report.ts';

/**
 * What a comparison comes to. `partly-compared`: nothing differs, but later quotes have reached some rows, of which nothing can be
 * told. `not-compared`: they have reached every row.
 */
export const diffVerdicts = ['equal', 'differ', 'partly-compared', 'not-compared'] as const;
export type DiffVerdict = (typeof diffVerdicts)[number];

type Counts = Pick<TableDiff, 'equal' | 'differing' | 'onlyA' | 'onlyB' | 'setAside'>;

/** How many rows were compared: those of either side that are not set aside. */
export const comparedRows = ({ equal, differing, onlyA, onlyB }: Counts): number => equal + differing + onlyA + onlyB;

/** Whether it has rows, and none of them was compared. */
export const isUntold = (table: Counts): boolean => table.setAside > 0 && comparedRows(table) === 0;

/** Tables without a row on either side are equal; those of which every row was set aside are not called so. */
export function verdictOf({ tables }: Pick<DiffReport, 'tables'>): DiffVerdict {
  if (tables.some((table) => comparedRows(table) > table.equal)) return 'differ';
  if (tables.every(({ setAside }) => setAside === 0)) return 'equal';
  return tables.some((table) => comparedRows(table) > 0) ? 'partly-compared' : 'not-compared';
}
