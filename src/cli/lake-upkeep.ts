import { basename, join } from 'node:path';
import { counted } from '../counted.ts';
import { sleepOn } from '../streams/clock/sleep.ts';
import { COPIES, copyPath, hasCopy } from '../streams/5-lake/copies/copy-path.ts';
import { removeLeft } from '../streams/5-lake/copies/remove-left.ts';
import { DeltaTable } from '../streams/5-lake/delta/delta-table.ts';
import type { LakeDisk } from '../streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { bronzeTable } from '../streams/5-lake/tables.ts';
import { coalesceBronze } from '../streams/5-lake/upkeep/coalesce.ts';
import { exportTable } from '../streams/5-lake/upkeep/export-table.ts';
import { vacuum } from '../streams/5-lake/upkeep/vacuum.ts';
import { canBeMended } from '../streams/5-lake/table-failure.ts';
import type { Context } from './context.ts';
import { forEachTable } from './for-each-table.ts';
import { deltaOptions, tables } from './lake-tables.ts';
import { sizeText } from './size-text.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Coalesces, copies and vacuums a minute after the start and then once an hour, until the signal aborts. */
export async function keepLakeUp(context: Context, disk: LakeDisk, signal: AbortSignal): Promise<void> {
  const sleep = sleepOn(context.clock);
  for (let waitMs = MINUTE_MS; ; waitMs = HOUR_MS) {
    await sleep(waitMs, signal);
    if (signal.aborted) return;
    // A program that is started again and again copies no more often than one that runs.
    const exportIfOld = () => exportLake(context, disk, context.clock.now() - HOUR_MS + MINUTE_MS);
    // On a full disk the others fail, and vacuum makes room.
    for (const work of [() => coalesceLake(context, disk), exportIfOld, () => vacuumLake(context, disk)])
      try {
        await work();
      } catch (error) {
        if (!canBeMended(error)) throw error;
        context.out.say(`the lake's upkeep waits: ${error.message}`);
      }
  }
}

/** Says what it did; false where there was nothing to do. */
export async function coalesceLake(context: Context, disk: LakeDisk): Promise<boolean> {
  const delta = await openTable(context, disk, bronzeTable);
  if (delta === undefined) return false;
  const { from, into } = await coalesceBronze(delta);
  if (from > 0) context.out.say(`${bronzeTable.name}: ${from} files of days that are over are ${into} now`);
  return from > 0;
}

/** Says what it did; false where there was nothing to do. */
export async function vacuumLake(context: Context, disk: LakeDisk): Promise<boolean> {
  let removed = 0;
  await forEachTable(tables, async (table) => {
    const delta = await openTable(context, disk, table);
    if (delta === undefined) return;
    const { files, bytes } = await vacuum(delta);
    removed += files;
    if (files > 0) context.out.say(`${table.name}: ${counted(files, 'file')} removed, ${sizeText(bytes)}`);
  });
  await removeLeft(disk, join(context.config.dataDir, COPIES), context.clock.now() - HOUR_MS);
  return removed > 0;
}

/**
 * Writes the copies of Silver and Gold, but for those that were written after that time; the paths of those that were
 * written now, in the data folder.
 */
export async function exportLake(context: Context, disk: LakeDisk, notSince = Infinity): Promise<readonly string[]> {
  const there = await disk.disk.list(join(context.config.dataDir, COPIES));
  const paths: string[] = [];
  await forEachTable(tables.filter(hasCopy), async (table) => {
    const path = copyPath(table);
    if (there.some(({ name, modifiedMs }) => name === basename(path) && modifiedMs > notSince)) return;
    const delta = await openTable(context, disk, table);
    if (delta === undefined) return;
    await exportTable(delta, table, join(context.config.dataDir, path));
    paths.push(path);
  });
  return paths;
}

async function openTable(context: Context, disk: LakeDisk, table: LakeTable): Promise<DeltaTable | undefined> {
  const delta = await DeltaTable.open(deltaOptions(context, disk, table));
  return delta.snapshot.version < 0 ? undefined : delta;
}
