import { readDataFile, removal, writeDataFile } from '../data-file.ts';
import type { Action, AddFile } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { parseStatistics } from '../delta/file-statistics.ts';
import { groupBy } from '../group-by.ts';
import type { Row } from '../parquet/column.ts';
import { bronzeTable } from '../tables.ts';

/** What one file is made of at most: what is read into memory at once. */
const MOST_ROWS = 200_000;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Puts the many files of Bronze's days that are over into few, the rows in the order of the log; the rows stay the same
 * (`dataChange` false). Returns how many files were put into how many.
 */
export async function coalesceBronze(delta: DeltaTable): Promise<{ readonly from: number; readonly into: number }> {
  const today = new Date(delta.options.now()).toISOString().slice(0, 10);
  const days = groupBy(delta.snapshot.files.values(), ({ partitionValues }) => partitionValues.ingest_date ?? '');
  let from = 0;
  let into = 0;
  for (const [day, files] of days) {
    if (day >= today) continue;
    for (const few of batchesOf(files))
      if (await replaceByOne(delta, day, few)) {
        from += few.length;
        into++;
      }
  }
  return { from, into };
}

/** Files that fit into one together; those that are large enough already stay as they are. */
function batchesOf(files: readonly AddFile[]): readonly (readonly AddFile[])[] {
  const batches: AddFile[][] = [];
  let rows = Infinity;
  let bytes = Infinity;
  for (const file of files) {
    const { numRecords } = parseStatistics(file.path, file.stats);
    rows += numRecords;
    bytes += file.size;
    if (rows > MOST_ROWS || bytes > MOST_BYTES) {
      batches.push([]);
      rows = numRecords;
      bytes = file.size;
    }
    batches.at(-1)?.push(file);
  }
  return batches.filter((batch) => batch.length > 1);
}

/** False where another writer has taken one of the files away meanwhile. */
async function replaceByOne(delta: DeltaTable, day: string, files: readonly AddFile[]): Promise<boolean> {
  try {
    return await replaced(delta, day, files);
  } finally {
    // Vacuum takes what is left of it, later.
    await delta.uncommitted.remove().catch(() => undefined);
  }
}

async function replaced(delta: DeltaTable, day: string, files: readonly AddFile[]): Promise<boolean> {
  const rows: Row[] = [];
  for (const file of files) for (const row of await readDataFile(delta.options, bronzeTable, file)) rows.push(row);
  rows.sort(inLogOrder);
  const add = await writeDataFile(delta, bronzeTable, { ingest_date: day }, rows);
  const now = delta.options.now();
  const actions: Action[] = [...files.map((file) => removal(file, now)), { add }];
  const moved = actions.map(unchanged);
  while (files.every(({ path }) => delta.snapshot.files.has(path))) {
    if (await delta.commit(moved, { operation: 'OPTIMIZE' })) return true;
    await delta.refresh();
  }
  return false;
}

const inLogOrder = (a: Row, b: Row): number =>
  Number(a.partition) - Number(b.partition) || Number(a.offset) - Number(b.offset);

const unchanged = ({ add, remove }: Action): Action => ({
  ...(add && { add: { ...add, dataChange: false } }),
  ...(remove && { remove: { ...remove, dataChange: false } }),
});
