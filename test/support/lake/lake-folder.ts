import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { LakeCatalogue } from '../../../src/streams/5-lake/catalogue/lake-catalogue.ts';
import { copyPath } from '../../../src/streams/5-lake/copies/copy-path.ts';
import { writeDataFile } from '../../../src/streams/5-lake/data-file.ts';
import { DeltaTable, type DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';
import { encodeRows } from '../../../src/streams/5-lake/parquet/encode-rows.ts';
import { prepareTable } from '../../../src/streams/5-lake/prepare-table.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from '../../../src/streams/5-lake/tables.ts';
import { exportTable } from '../../../src/streams/5-lake/upkeep/export-table.ts';
import type { LakeReader } from '../../../src/web/server/lake/lake-reader.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.UTC(2023, 11, 1);

/** A lake in a real folder, with rows that nobody's topics have brought. */
export class LakeFolder {
  readonly path: string;
  now = Date.UTC(2024, 0, 2, 3, 4, 5);

  constructor(path: string) {
    this.path = path;
  }

  options = ({ name }: LakeTable): DeltaTableOptions => ({
    disk: new LakeDisk(nodeDisk, this.path, randomUUID),
    folder: join(this.path, name),
    now: () => this.now,
    retentionMs: HOUR_MS,
  });

  /** Commits that many Silver rows of the coin, in a file of their own. */
  async addSilver(coin: string, rows: number): Promise<DeltaTable> {
    const delta = await this.open(silverTable);
    const hours = Array.from({ length: rows }, (_, hour) => silverRow(coin, BEGIN + hour * HOUR_MS));
    const add = await writeDataFile(delta, silverTable, { coin_id: coin }, hours);
    if (!(await delta.commit([{ add }], { operation: 'WRITE' }))) throw new Error('the version was taken');
    return delta;
  }

  /** Commits that many Bronze rows of a day, in a file of their own. */
  async addBronze(ingest_date: string, offsets: readonly number[]): Promise<DeltaTable> {
    const delta = await this.open(bronzeTable);
    const at = Date.parse(ingest_date);
    const rows = offsets.map((offset) => ({
      ...{ raw: `{"offset":${offset}}`, coin_id: 'bitcoin', ingest_ts: at + offset, observed_at: at, source: null },
      ...{ topic: 'coingecko.markets', partition: 0, offset },
    }));
    const add = await writeDataFile(delta, bronzeTable, { ingest_date }, rows);
    if (!(await delta.commit([{ add }], { operation: 'WRITE' }))) throw new Error('the version was taken');
    return delta;
  }

  /** The table, created where it is not there. */
  async open(table: LakeTable): Promise<DeltaTable> {
    const delta = await DeltaTable.open(this.options(table));
    await prepareTable(delta, table, { log: 'log', topicId: undefined });
    return delta;
  }

  /** Writes Silver's plain copy; its path. */
  async exportSilver(): Promise<string> {
    const path = join(this.path, copyPath(silverTable));
    await exportTable(await this.open(silverTable), silverTable, path);
    return path;
  }

  /** Puts a file in the place of Silver's copy that is larger than what sockets hold, and has no digest beside it; its path. */
  placeLargeCopy(): string {
    const path = join(this.path, copyPath(silverTable));
    const columns = [silverTable.columns[1], bronzeTable.columns[0]].filter((column) => column !== undefined);
    const rows = Array.from({ length: 12 }, () => ({ ts: BEGIN, raw: randomBytes(1_000_000).toString('base64') }));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, encodeRows(columns, rows));
    return path;
  }

  /** Reads the lake in the test's own thread. */
  reader(): LakeReader {
    const tables = [bronzeTable, silverTable, featuresTable(features), moversTable(moverFeatures)];
    const catalogue = new LakeCatalogue({ tables, dataDir: this.path, delta: this.options });
    return { read: () => catalogue.read(), close: () => Promise.resolve() };
  }
}

/** A row whose figures hardly compress. */
function silverRow(coin_id: string, ts: number): Row {
  const price = Math.fround(1 + (((ts / HOUR_MS) * 7919) % 104_729)) * Math.PI;
  return {
    ...{ coin_id, ts, price, open: price / 3, high: price * 7, low: price / 11, market_cap: price ** 3, volume: null },
    ...{ observations: 60, open_event_ts: ts, open_observed_at: ts, close_event_ts: ts + 1, close_observed_at: ts + 2 },
    ...{ observed_at: ts + 3, final: true },
  };
}
