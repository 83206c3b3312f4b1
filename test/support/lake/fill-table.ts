import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { asyncScheduler } from 'rxjs';
import { parseHourKey } from '../../../src/streams/3-silver/hour-json.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { DeltaTable, type DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import type { Disk } from '../../../src/streams/5-lake/disk/disk.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import { lakeSinks } from '../../../src/streams/5-lake/lake-sinks.ts';
import { runSink } from '../../../src/streams/5-lake/sink/run-sink.ts';
import type { SinkSpec } from '../../../src/streams/5-lake/sink/sink-session.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { jsonRows } from '../rows/json-rows.ts';

const HOUR_MS = 3_600_000;

/** What is filled: a table by its name, in a folder, from a log with that many partitions. */
export interface Filling {
  readonly log: Log;
  readonly partitions: number;
  readonly folder: string;
  readonly table: string;
  readonly flushRows: number;
  readonly disk?: Disk;
}

/** Runs the table's sink, as `pulse sink` has it, until it holds everything that its topic does; the table then. */
export async function fillTable(filling: Filling): Promise<DeltaTable> {
  const { log, flushRows } = filling;
  const spec = specOf(filling);
  const delta = optionsOf(filling);
  const policy = { intervalMs: 60_000, rows: flushRows, bytes: 32 * 1024 * 1024 };
  const run = { log, spec, policy, delta, clock: asyncScheduler, untilCaughtUp: true, onNotice: console.error };
  await runSink(run, new AbortController().signal);
  return DeltaTable.open(delta);
}

function specOf({ table, partitions }: Filling): SinkSpec {
  const gold = { features, movers: moverFeatures };
  const sinks = lakeSinks({ names: topicNames(''), partitions, ...gold, rows: jsonRows(), parseKey: parseHourKey });
  const spec = sinks.find((sink) => sink.table.name === table);
  if (spec === undefined) throw new Error(`there is no table ${table}`);
  return spec;
}

const optionsOf = ({ folder, table, disk = nodeDisk }: Filling): DeltaTableOptions => ({
  disk: new LakeDisk(disk, folder, randomUUID),
  folder: join(folder, table),
  now: () => asyncScheduler.now(),
  retentionMs: HOUR_MS,
});
