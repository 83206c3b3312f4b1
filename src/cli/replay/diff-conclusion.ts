import { counted } from '../../counted.ts';
import type { DiffReport, TableDiff } from '../../streams/replay/diff/diff-report.ts';
import { comparedRows, isUntold, verdictOf } from '../../streams/replay/diff/diff-verdict.ts';

/** What a comparison comes to, in a line: how much was compared, and of which tables that says nothing. */
export function diffConclusion({ tables }: DiffReport): string {
  const sum = (count: (table: TableDiff) => number): number => tables.reduce((all, table) => all + count(table), 0);
  const setAside = sum((table) => table.setAside);
  const aside = `${counted(setAside, 'row')} set aside, as quotes have reached them since the replay's end`;
  switch (verdictOf({ tables })) {
    case 'equal':
      return 'the tables are equal';
    case 'differ':
      return 'the tables differ';
    case 'not-compared':
      return `nothing was compared: ${aside}; pulse replay --again --diff compares with what there is now`;
    case 'partly-compared':
      return [
        `no difference in the ${counted(sum(comparedRows), 'row')} that could be compared`,
        aside,
        ...tables.filter(isUntold).map(({ table }) => `of ${table} nothing was compared`),
      ].join('; ');
  }
}
