import { counted } from '../../counted.ts';
import type { DiffReport, RowDifference, TableDiff } from '../../streams/replay/diff/diff-report.ts';
import { isUntold } from '../../streams/replay/diff/diff-verdict.ts';
import { diffConclusion } from './diff-conclusion.ts';

interface Names {
  readonly a: string;
  readonly b: string;
}

/** The report as a person reads it: a line a table, which fields differ, and the first differences side by side. */
export function diffLines(report: DiffReport, names: Names): readonly string[] {
  const { a, b } = { a: names.a || 'default', b: names.b || 'default' };
  const lines = [`${a} | ${b}`, ...report.tables.map(tableLine)];
  for (const { table, fields } of report.tables)
    for (const [name, count] of Object.entries(fields))
      lines.push(`  ${table}.${name} differs in ${counted(count, 'row')}`);
  lines.push(...report.first.flatMap(differenceLines));
  lines.push(diffConclusion(report));
  return lines;
}

function tableLine(diff: TableDiff): string {
  const { table, rows, equal, differing, onlyA, onlyB, setAside } = diff;
  const compared = isUntold(diff) ? ['none compared'] : [`${equal} equal`, `${differing} differ`];
  const parts = [`${rows.a} | ${rows.b} rows`, ...compared];
  if (onlyA > 0) parts.push(`${onlyA} on the left alone`);
  if (onlyB > 0) parts.push(`${onlyB} on the right alone`);
  if (setAside > 0) parts.push(`${setAside} changed by quotes since the replay's end`);
  return `${table.padEnd(9)} ${parts.join(', ')}`;
}

function differenceLines({ table, key, a, b }: RowDifference): readonly string[] {
  const head = `${table} ${JSON.stringify(key)}`;
  if (a === null) return [`${head}: on the right alone`];
  if (b === null) return [`${head}: on the left alone`];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [head, ...[...names].map((name) => `  ${name.padEnd(20)} ${cell(a[name])} | ${cell(b[name])}`)];
}

const cell = (value: unknown): string => (value === undefined ? 'no such field' : JSON.stringify(value)).padEnd(24);
