import type { DiffState, PlayedReplay, ReplayState } from '../../replay-contract.ts';

/** Where a replay reads, in words. */
export function describeFrom(from: PlayedReplay['from']): string {
  switch (from) {
    case 'earliest':
      return 'the earliest quote: the topic, and Bronze below its start';
    case 'bronze':
      return 'Bronze as far as it goes, then the topic';
    case 'topic':
      return 'what the topic has, without Bronze';
  }
}

/** What a replay is doing. */
export const replayState = ({ finishedAt, isRunning }: ReplayState): string =>
  finishedAt !== null ? 'Finished' : isRunning ? 'Running' : 'Interrupted';

/** The share of the records that are processed, 0 to 1. */
export const shareOf = ({ done, total }: { readonly done: number; readonly total: number }): number =>
  total === 0 ? 1 : done / total;

/** Never 100 % before the last record. */
export const percentText = (share: number): string => `${Math.floor(share * 100)} %`;

/** A stretch of time as a person says it: `12 s`, `4 min 10 s`, `2 h 5 min`. */
export function leftText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What the comparison came to: of rows that later quotes have reached it says nothing. */
export function verdictText(verdict: DiffState['verdict']): string {
  switch (verdict) {
    case 'equal':
      return '✓ The tables are equal';
    case 'differ':
      return '✗ The tables differ';
    case 'partly-compared':
      return '✓ No difference in the rows that quotes have not reached since';
    case 'not-compared':
      return '✗ Nothing was compared: quotes have reached every row since';
  }
}

/** The tables that have rows of which none was compared. */
export const untoldTables = ({ tables }: DiffState): readonly string[] =>
  tables
    .filter(({ setAside, equal, differing, onlyA, onlyB }) => setAside > 0 && equal + differing + onlyA + onlyB === 0)
    .map(({ table }) => table);

/** How often each field differs, over all tables, the most frequent first. */
export const differingFields = ({ tables }: DiffState): readonly { readonly name: string; readonly rows: number }[] =>
  tables
    .flatMap(({ table, fields }) =>
      Object.entries(fields).map(([field, rows]) => ({ name: `${table}.${field}`, rows })),
    )
    .sort((a, b) => b.rows - a.rows);

/** A field's value as it is compared. */
export const cellText = (value: unknown): string => (value === undefined ? 'no such field' : JSON.stringify(value));

/** The fields of a difference, with both sides' values. */
export function sidesOf({ a, b }: DiffState['first'][number]): readonly (readonly [string, string, string])[] {
  const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
  const side = (row: typeof a, name: string): string => (row === null ? 'no such row' : cellText(row[name]));
  return names.map((name) => [name, side(a, name), side(b, name)]);
}
