import { parseStatistics } from '../delta/file-statistics.ts';
import type { Snapshot } from '../delta/snapshot.ts';
import type { LakeTable } from '../lake-table.ts';

/** What a table holds, by its log alone. */
export interface TableFigures {
  readonly version: number;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** The times of its first and last row; undefined where it has none. */
  readonly times: readonly [string, string] | undefined;
}

export function tableFigures({ version, files }: Snapshot, { timeColumn }: LakeTable): TableFigures {
  let rows = 0;
  let bytes = 0;
  const times: string[] = [];
  for (const { path, size, stats } of files.values()) {
    const { numRecords, minValues, maxValues } = parseStatistics(path, stats);
    rows += numRecords;
    bytes += size;
    // A file whose column is null throughout, or has no extremes in another's log, says nothing of times.
    for (const time of [minValues[timeColumn], maxValues[timeColumn]]) if (typeof time === 'string') times.push(time);
  }
  // Times of one form compare as text.
  times.sort();
  const [first, last] = [times.at(0), times.at(-1)];
  return { version, files: files.size, rows, bytes, times: first && last ? [first, last] : undefined };
}
