import { describe, expect, it } from 'vitest';
import { diffLines } from '../../../src/cli/replay/diff-lines.ts';
import type { DiffReport, TableDiff } from '../../../src/streams/replay/diff/diff-report.ts';
import { verdictOf } from '../../../src/streams/replay/diff/diff-verdict.ts';

const table = (name: TableDiff['table'], counts: Partial<TableDiff>): TableDiff => ({
  ...{ table: name, rows: { a: 30, b: 30 }, equal: 0, differing: 0, onlyA: 0, onlyB: 0, setAside: 0, fields: {} },
  ...counts,
});
const of = (...tables: readonly TableDiff[]): DiffReport => ({ tables, first: [] });
const last = (report: DiffReport): string | undefined => diffLines(report, { a: '', b: 'replay' }).at(-1);

describe('what a comparison comes to', () => {
  it('is equal where every row was compared, and where there is none', () => {
    for (const report of [of(table('prices', { equal: 30 })), of(table('movers', { rows: { a: 0, b: 0 } }))]) {
      expect(verdictOf(report)).toBe('equal');
      expect(last(report)).toBe('the tables are equal');
    }
  });

  it('differs by a row on either side, whatever else was set aside', () => {
    for (const counts of [{ differing: 1 }, { onlyA: 1 }, { onlyB: 1 }]) {
      const report = of(table('prices', { equal: 20, setAside: 9, ...counts }), table('movers', { setAside: 30 }));
      expect(verdictOf(report)).toBe('differ');
      expect(last(report)).toBe('the tables differ');
    }
  });

  it('says how much was compared, and of which tables nothing was', () => {
    const report = of(table('prices', { equal: 25, setAside: 5 }), table('movers', { setAside: 30 }));
    expect(verdictOf(report)).toBe('partly-compared');
    expect(diffLines(report, { a: '', b: 'replay' })).toEqual([
      'default | replay',
      "prices    30 | 30 rows, 25 equal, 0 differ, 5 changed by quotes since the replay's end",
      "movers    30 | 30 rows, none compared, 30 changed by quotes since the replay's end",
      'no difference in the 25 rows that could be compared; ' +
        "35 rows set aside, as quotes have reached them since the replay's end; of movers nothing was compared",
    ]);
  });

  it('is nothing where later quotes have reached every row', () => {
    const report = of(table('prices', { setAside: 30 }), table('movers', { setAside: 30 }));
    expect(verdictOf(report)).toBe('not-compared');
    expect(last(report)).toMatch(/^nothing was compared: 60 rows set aside, .*; pulse replay --again --diff compares/);
  });
});
