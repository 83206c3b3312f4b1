import { join } from 'node:path';
import { sleepOn } from '../streams/clock/sleep.ts';
import { copyPath, hasCopy } from '../streams/5-lake/copies/copy-path.ts';
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

/** Coalesces, copies and vacuums once an hour, until the signal aborts. */
export async function keepLakeUp(context: Context, disk: LakeDisk, signal: AbortSignal): Promise<void> {
  const sleep = sleepOn(context.clock);
  for (;;) {
    await sleep(HOUR_MS, signal);
    if (signal.aborted) return;
    try {
      await coalesceLake(context, disk);
      await exportLake(context, disk);
      await vacuumLake(context, disk);
    } catch (error) {
      if (!isDiskFailure(error)) throw error;
      context.out.say(`${error.message} (the lake waits for that)`);
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
    if (!hasCopy(table)) continue;
    const delta = await openTable(context, disk, table);
    if (delta === undefined) continue;
    const path = copyPath(table);
    await exportTable(delta, table, join(context.config.dataDir, path));
    paths.push(path);
  }
  return paths;
}

async function openTable(context: Context, disk: LakeDisk, table: LakeTable): Promise<DeltaTable | undefined> {
  const delta = await DeltaTable.open(deltaOptions(context, disk, table));
  return delta.snapshot.version < 0 ? undefined : delta;
}
