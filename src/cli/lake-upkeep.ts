import { join } from 'node:path';
import { sleepOn } from '../streams/clock/sleep.ts';
import { DeltaTable } from '../streams/5-lake/delta/delta-table.ts';
import type { LakeDisk } from '../streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { bronzeTable } from '../streams/5-lake/tables.ts';
import { coalesceBronze } from '../streams/5-lake/upkeep/coalesce.ts';
import { exportTable } from '../streams/5-lake/upkeep/export-table.ts';
import { vacuum } from '../streams/5-lake/upkeep/vacuum.ts';
import { isDiskFailure } from '../streams/5-lake/disk/is-disk-failure.ts';
import type { Context } from './context.ts';
import { deltaOptions, sinkSpecs } from './lake-tables.ts';

const HOUR_MS = 3_600_000;

/** The folder of the plain copies, in the data folder. */
const COPIES = 'gold_parquet';

/** Coalesces, copies and vacuums once an hour, until the signal aborts. */
export async function keepLakeUp(context: Context, disk: LakeDisk, signal: AbortSignal): Promise<void> {
  const sleep = sleepOn(context.clock);
  for (;;) {
    await sleep(HOUR_MS, signal);
    if (signal.aborted) return;
    // On a full disk the others fail, and vacuum makes room.
    for (const work of [coalesceLake, exportLake, vacuumLake])
      try {
        await work(context, disk);
      } catch (error) {
        if (!isDiskFailure(error)) throw error;
        context.out.say(`the lake's upkeep waits: ${error.message}`);
      }
  }
}

export async function coalesceLake(context: Context, disk: LakeDisk): Promise<void> {
  const delta = await openTable(context, disk, bronzeTable);
  if (delta === undefined) return;
  const { from, into } = await coalesceBronze(delta);
  if (from > 0) context.out.say(`${bronzeTable.name}: ${from} files of days that are over are ${into} now`);
}

export async function vacuumLake(context: Context, disk: LakeDisk): Promise<void> {
  for (const { table } of await sinkSpecs(context)) {
    const delta = await openTable(context, disk, table);
    if (delta === undefined) continue;
    const { files, bytes } = await vacuum(delta);
    if (files > 0) context.out.say(`${table.name}: ${files} files removed, ${(bytes / 1e6).toFixed(1)} MB`);
  }
}

/** Writes the copies of Silver and Gold; the paths of those that were written, in the data folder. */
export async function exportLake(context: Context, disk: LakeDisk): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { table } of await sinkSpecs(context)) {
    if (table === bronzeTable) continue;
    const delta = await openTable(context, disk, table);
    if (delta === undefined) continue;
    const path = join(COPIES, `${table.name.replace(/^.*\//, '')}.parquet`);
    await exportTable(delta, table, join(context.config.dataDir, path));
    paths.push(path);
  }
  return paths;
}

async function openTable(context: Context, disk: LakeDisk, table: LakeTable): Promise<DeltaTable | undefined> {
  const delta = await DeltaTable.open(deltaOptions(context, disk, table));
  return delta.snapshot.version < 0 ? undefined : delta;
}
