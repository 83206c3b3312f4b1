import { ByteWriter } from 'hyparquet-writer';
import { readDataFile } from '../data-file.ts';
import type { AddFile } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { parseStatistics } from '../delta/file-statistics.ts';
import type { Disk } from '../disk/disk.ts';
import type { LakeTable } from '../lake-table.ts';
import type { Row } from '../parquet/column.ts';
import { openParquet, ROW_GROUP, rowGroups } from '../parquet/encode-rows.ts';

/**
 * The table as one plain Parquet file, its partition columns among the others: for readers that know nothing of Delta.
 * Sorted by coin and time. It takes the place of an earlier copy as a whole, and no more memory than a row group.
 */
export const exportTable = (delta: DeltaTable, table: LakeTable, path: string): Promise<void> =>
  delta.options.disk.replaceBy(path, async (aside) => {
    await delta.options.disk.disk.write(aside, new Uint8Array());
    const writer = new AppendingWriter(delta.options.disk.disk, aside);
    const file = openParquet(table.columns, writer);
    let rows: Row[] = [];
    for (const add of inOrder(delta, table)) {
      rows = rows.concat(await readDataFile(delta.options, table, add));
      if (rows.length < ROW_GROUP) continue;
      await file.write(rowGroups(table.columns, rows));
      rows = [];
    }
    if (rows.length > 0) await file.write(rowGroups(table.columns, rows));
    await file.finish();
    await writer.flush();
  });

function inOrder({ snapshot }: DeltaTable, { timeColumn }: LakeTable): readonly AddFile[] {
  const placed = [...snapshot.files.values()].map((add) => ({
    add,
    coin: add.partitionValues.coin_id ?? '',
    from: String(parseStatistics(add.path, add.stats).minValues[timeColumn]),
  }));
  placed.sort((a, b) => (a.coin === b.coin ? (a.from < b.from ? -1 : 1) : a.coin < b.coin ? -1 : 1));
  return placed.map(({ add }) => add);
}

/** Hands what the Parquet writer has written to the disk after every row group. */
class AppendingWriter extends ByteWriter {
  readonly #disk: Disk;
  readonly #path: string;

  constructor(disk: Disk, path: string) {
    super();
    this.#disk = disk;
    this.#path = path;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#disk.append(this.#path, bytes);
  }
}
