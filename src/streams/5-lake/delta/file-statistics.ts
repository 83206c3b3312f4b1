import { z } from 'zod';
import { PulseError } from '../../../errors.ts';
import { formatRfc3339 } from '../../rfc3339.ts';
import type { Cell, Column, Row } from '../parquet/column.ts';

const statistics = z.object({
  numRecords: z.number(),
  minValues: z.record(z.string(), z.unknown()),
  maxValues: z.record(z.string(), z.unknown()),
});

/** What a file's statistics say, by which readers leave files out. */
export type FileStatistics = z.output<typeof statistics>;

type Bound = string | number | boolean;

/**
 * The `stats` of an Add File action (protocol, "Per-file Statistics"): how many rows, and per column the extremes and how
 * many nulls. Strings are compared by their bytes, and kept whole; a boolean has no extremes.
 */
export function fileStatistics(columns: readonly Column[], rows: readonly Row[]): string {
  const minValues: Record<string, Bound> = {};
  const maxValues: Record<string, Bound> = {};
  const nullCount: Record<string, number> = {};
  for (const column of columns) {
    const { name, type } = column;
    if (column.statistics === false) continue;
    const values = rows.map((row) => row[name] ?? null).filter((cell) => cell !== null);
    nullCount[name] = rows.length - values.length;
    if (type === 'boolean' || values.length === 0) continue;
    const [least, most] = type === 'string' ? textExtremes(values) : numberExtremes(values);
    minValues[name] = type === 'timestamp' ? formatRfc3339(Number(least)) : least;
    maxValues[name] = type === 'timestamp' ? formatRfc3339(Number(most)) : most;
  }
  return JSON.stringify({ numRecords: rows.length, minValues, maxValues, nullCount });
}

/** Throws `table-corrupt` for a file without statistics: the upserts go by them. */
export function parseStatistics(path: string, stats: string | null | undefined): FileStatistics {
  try {
    return statistics.parse(JSON.parse(stats ?? 'null'));
  } catch (cause) {
    throw new PulseError('table-corrupt', `the log of the table has no statistics of ${path}`, { cause });
  }
}

function numberExtremes(values: readonly Exclude<Cell, null>[]): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    const number = Number(value);
    if (number < least) least = number;
    if (number > most) most = number;
  }
  return [least, most];
}

function textExtremes(values: readonly Exclude<Cell, null>[]): readonly [string, string] {
  const bytes = [...new Set(values.map(String))].map((text) => Buffer.from(text, 'utf8')).sort((a, b) => a.compare(b));
  return [String(bytes.at(0)), String(bytes.at(-1))];
}
