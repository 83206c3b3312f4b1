import { join } from 'node:path';
import { ByteWriter } from 'hyparquet-writer';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import type { Action } from '../../../src/streams/5-lake/delta/actions.ts';
import { DeltaTable, type DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { fileStatistics } from '../../../src/streams/5-lake/delta/file-statistics.ts';
import type { Disk } from '../../../src/streams/5-lake/disk/disk.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { fileColumns } from '../../../src/streams/5-lake/lake-table.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';
import { openParquet, rowGroups } from '../../../src/streams/5-lake/parquet/encode-rows.ts';
import { prepareTable } from '../../../src/streams/5-lake/prepare-table.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { SimulatedDisk } from './simulated-disk.ts';

export const TOPIC = 'quotes';
export const LOG = 'the log';

/** What a read of a file was for. */
export interface FileRead {
  readonly path: string;
  readonly bytes: number;
}

/** A Bronze table whose files are laid out as a test wants them, by whatever program might have; and what is read of it. */
export class BronzeFiles {
  readonly reads: FileRead[] = [];
  now = Date.UTC(2024, 0, 2);
  readonly #disk = new SimulatedDisk(seededRandom('bronze'), () => this.now);
  #ids = 0;

  static async create(): Promise<BronzeFiles> {
    const files = new BronzeFiles();
    await prepareTable(await DeltaTable.open(files.options), bronzeTable, { log: LOG, topicId: undefined });
    return files;
  }

  get options(): DeltaTableOptions {
    const disk = new LakeDisk(this.#watched(this.#disk.process()), '/lake', () => String(this.#ids++));
    return { disk, folder: join('/lake', bronzeTable.name), now: () => this.now, retentionMs: 3_600_000 };
  }

  /** Adds a file of these rows, in their order. */
  async add(rows: readonly Row[], rowGroupSize = 1_000): Promise<string> {
    const { disk, folder } = this.options;
    const columns = fileColumns(bronzeTable);
    const writer = new ByteWriter();
    const file = openParquet(columns, writer);
    void file.write({ ...rowGroups(columns, rows), rowGroupSize });
    void file.finish();
    const path = `ingest_date=2024-01-01/${disk.newId()}.parquet`;
    const bytes = writer.getBytes();
    await disk.create(join(folder, path), bytes);
    const partitionValues = { ingest_date: '2024-01-01' };
    const common = { size: bytes.length, modificationTime: this.now, dataChange: true };
    await this.commit([{ add: { path, partitionValues, ...common, stats: fileStatistics(columns, rows) } }]);
    return path;
  }

  /** Says that the table has every record below these offsets, by partition. */
  reach(...offsets: readonly number[]): Promise<void> {
    const txn = (version: number, partition: number) => ({ appId: `crypto-pulse/${TOPIC}/${partition}`, version });
    return this.commit(offsets.map((offset, partition) => ({ txn: txn(offset, partition) })));
  }

  async commit(actions: readonly Action[]): Promise<void> {
    const table = await DeltaTable.open(this.options);
    if (!(await table.commit(actions, { operation: 'TEST' }))) throw new Error('somebody else has committed');
  }

  #watched(disk: Disk): Disk {
    return {
      ...disk,
      readPart: async (path, start, end) => {
        const bytes = await disk.readPart(path, start, end);
        this.reads.push({ path, bytes: bytes?.length ?? 0 });
        return bytes;
      },
    };
  }
}
