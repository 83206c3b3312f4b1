import type { ParquetFile, RowGroup, RowRange } from '../parquet/parquet-file.ts';
import { readBronzeRows } from './bronze-rows.ts';
import type { Part } from './offset-order.ts';
import type { WantedRows } from './wanted-rows.ts';

/** Rows of one partition in a file, and the offsets that they span. */
interface PartRange extends RowRange {
  readonly first: number;
}

/** The row groups of a file that hold rows that are wanted, each to be read when its turn comes. */
export async function partsOfFile(
  file: ParquetFile,
  wanted: WantedRows,
  open: () => Promise<ParquetFile>,
  where: string,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const group of file.rowGroups) {
    const range = await rangeOf(file, group, wanted);
    if (range === undefined) continue;
    parts.push({
      kind: 'unread',
      start: range.first,
      read: async () => {
        const records = await readBronzeRows(await open(), range, wanted, where);
        const start = records[0]?.offset;
        return start === undefined ? [] : [{ kind: 'read', start, records, where }];
      },
    });
  }
  return parts;
}

/**
 * Where the wanted rows of a row group lie, and where they begin; undefined where there are none. By the group's extremes
 * where they tell: those of rows of several partitions do not say which offsets belong to which, so these two columns
 * are read (16 bytes a row). Were the extremes taken for the truth, then of a partition that is far behind the others every
 * row group there is would have to be held.
 */
async function rangeOf(file: ParquetFile, group: RowGroup, wanted: WantedRows): Promise<PartRange | undefined> {
  const { at, offsets } = wanted;
  const partitions = group.extremes('partition');
  const [least, most] = group.extremes('offset') ?? [0, Infinity];
  if (partitions !== undefined && (partitions[1] < at.partition || partitions[0] > at.partition)) return undefined;
  if (most < offsets.start || least >= offsets.end) return undefined;
  const isAlone = partitions !== undefined && partitions[0] === partitions[1] && most !== Infinity;
  if (isAlone) return { start: group.start, end: group.end, first: Math.max(least, offsets.start) };
  return foundRange(await file.columns(['partition', 'offset'], group), group.start, wanted);
}

function foundRange(
  { partition, offset }: Readonly<Record<'partition' | 'offset', ArrayLike<unknown>>>,
  groupStart: number,
  { at, offsets }: WantedRows,
): PartRange | undefined {
  let found: PartRange | undefined;
  for (let row = 0; row < offset.length; row++) {
    const value = Number(offset[row]);
    if (Number(partition[row]) !== at.partition || value < offsets.start || value >= offsets.end) continue;
    const [start, end] = [found?.start ?? groupStart + row, groupStart + row + 1];
    found = { start, end, first: Math.min(found?.first ?? value, value) };
  }
  return found;
}
