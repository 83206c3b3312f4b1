import { asyncScheduler } from 'rxjs';
import type { Random } from '../../../src/streams/1-ingest/simulated/random.ts';
import { parseHourKey } from '../../../src/streams/3-silver/hour-json.ts';
import { DeltaTable, type DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import type { Disk } from '../../../src/streams/5-lake/disk/disk.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import { BronzeBuffer } from '../../../src/streams/5-lake/sink/bronze-buffer.ts';
import { jsonObject } from '../../../src/streams/json/json-object.ts';
import { HourlyBuffer } from '../../../src/streams/5-lake/sink/hourly-buffer.ts';
import { runSink } from '../../../src/streams/5-lake/sink/run-sink.ts';
import { type Positions, tablePositions } from '../../../src/streams/5-lake/sink/table-positions.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { Log, OutputRecord } from '../../../src/streams/log/log.ts';
import { HOURS_TOPIC, PARTITIONS } from './hour-records.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { tableAt } from './table-at.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';

export const RETENTION_MS = 3_600_000;

/** A table upserted as Silver and Gold are, with a column of every type. */
export const hoursTable: LakeTable = {
  name: 'hours',
  kind: 'upsert',
  columns: [
    { name: 'coin_id', type: 'string', nullable: false },
    { name: 'ts', type: 'timestamp', nullable: false },
    { name: 'price', type: 'double', nullable: false },
    { name: 'market_cap', type: 'double', nullable: true },
    { name: 'n', type: 'long', nullable: false },
    { name: 'final', type: 'boolean', nullable: false },
  ],
  partitionColumns: ['coin_id'],
  timeColumn: 'ts',
};

/** A buffer for {@link hoursTable}. */
export const hoursBuffer = (delta: DeltaTable): HourlyBuffer =>
  new HourlyBuffer(delta, { decode: jsonObject, parseKey: parseHourKey, table: hoursTable });

/** A buffer for Bronze. */
export const rawBuffer = (delta: DeltaTable): BronzeBuffer => new BronzeBuffer(delta);

/** One topic, one table on a disk that forgets, and a clock; everything that happens follows from the seed. */
export class LakeWorld {
  readonly records: OutputRecord[] = [];
  readonly disk: SimulatedDisk;
  readonly log: Log;
  now = Date.UTC(2024, 0, 1);
  readonly #table: LakeTable;
  readonly #createBuffer: (delta: DeltaTable) => HourlyBuffer | BronzeBuffer;
  #ids = 0;

  constructor(random: Random, table: LakeTable, createBuffer: (delta: DeltaTable) => HourlyBuffer | BronzeBuffer) {
    this.#table = table;
    this.#createBuffer = createBuffer;
    this.disk = new SimulatedDisk(random, () => this.now);
    const time = { now: () => this.now, schedule: asyncScheduler.schedule.bind(asyncScheduler) };
    this.log = createMemoryLog({ batchBytes: 500, time });
  }

  /** The table as a process sees it that is killed in that step. */
  delta(killedAt = Infinity, disk: Disk = this.disk.process(killedAt)): DeltaTableOptions {
    const lake = new LakeDisk(disk, '/lake', () => String(this.#ids++));
    return { disk: lake, folder: `/lake/${this.#table.name}`, now: () => this.now, retentionMs: RETENTION_MS };
  }

  open = (killedAt?: number): Promise<DeltaTable> => DeltaTable.open(this.delta(killedAt));

  /** Runs a sink until it has caught up. */
  async sink(flushRows: number, killedAt: number): Promise<void> {
    const { log } = this;
    const common = { topic: HOURS_TOPIC, partitions: PARTITIONS, prepare: () => Promise.resolve() };
    const spec = { ...common, table: this.#table, createBuffer: this.#createBuffer };
    const policy = { intervalMs: 1_000, rows: flushRows, bytes: Infinity };
    const delta = this.delta(killedAt);
    const run = { log, spec, policy, delta, clock: asyncScheduler, untilCaughtUp: true, onNotice: () => undefined };
    await runSink(run, new AbortController().signal);
  }

  async append(records: readonly OutputRecord[]): Promise<void> {
    this.records.push(...records);
    await this.log.append(records);
  }

  /** The rows and the positions as of a version. */
  async at(version?: number): Promise<{ readonly rows: readonly Row[]; readonly positions: Positions }> {
    const { snapshot, rows } = await tableAt(this.delta(), this.#table, version);
    return { rows, positions: tablePositions(snapshot, HOURS_TOPIC, PARTITIONS) };
  }
}
