import { createHash } from 'node:crypto';
import { ByteWriter } from 'hyparquet-writer';
import { COPY_ID, copyDigestPath, formatCopyDigest } from '../copies/copy-digest.ts';
import { readDataFile } from '../data-file.ts';
import type { AddFile } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { parseStatistics } from '../delta/file-statistics.ts';
import type { LakeTable } from '../lake-table.ts';
import type { Row } from '../parquet/column.ts';
import { openParquet, ROW_GROUP, rowGroups } from '../parquet/encode-rows.ts';

/**
 * The table as one plain Parquet file, its partition columns among the others: for readers that know nothing of Delta.
 * Sorted by coin and time. It takes the place of an earlier copy as a whole, and no more memory than a row group. Its
 * digest lies beside it afterwards.
 */
export async function exportTable(delta: DeltaTable, table: LakeTable, path: string): Promise<void> {
  const { disk } = delta.options;
  const id = disk.newId();
  const digest = createHash('sha256');
  await disk.replaceBy(path, async (aside) => {
    await disk.disk.write(aside, new Uint8Array());
    const writer = new AppendingWriter(async (bytes) => {
      digest.update(bytes);
      await disk.disk.append(aside, bytes);
    });
    const file = openParquet(table.columns, writer, { [COPY_ID]: id });
    let rows: Row[] = [];
    for (const add of inOrder(delta, table)) {
      rows = rows.concat(await readDataFile(delta.options, table, add));
      // Full groups alone: what is left over begins the next one.
      const full = rows.length - (rows.length % ROW_GROUP);
      if (full === 0) continue;
      await file.write(rowGroups(table.columns, rows.slice(0, full)));
      rows = rows.slice(full);
    }
    if (rows.length > 0) await file.write(rowGroups(table.columns, rows));
    await file.finish();
    await writer.flush();
  });
  await disk.replace(copyDigestPath(path), formatCopyDigest(path, { id, sha256: digest.digest('hex') }));
}

function inOrder({ snapshot }: DeltaTable, { timeColumn }: LakeTable): readonly AddFile[] {
  const placed = [...snapshot.files.values()].map((add) => ({
    add,
    coin: add.partitionValues.coin_id ?? '',
    from: firstTime(add, timeColumn),
  }));
  placed.sort((a, b) => (a.coin === b.coin ? (a.from < b.from ? -1 : 1) : a.coin < b.coin ? -1 : 1));
  return placed.map(({ add }) => add);
}

function firstTime({ path, stats }: AddFile, timeColumn: string): string {
  const time = parseStatistics(path, stats).minValues[timeColumn];
  return typeof time === 'string' ? time : '';
}

/** Hands over what the Parquet writer has written, after every row group. */
class AppendingWriter extends ByteWriter {
  readonly #append: (bytes: Uint8Array) => Promise<void>;

  constructor(append: (bytes: Uint8Array) => Promise<void>) {
    super();
    this.#append = append;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#append(bytes);
  }
}
