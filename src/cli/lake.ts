import { join } from 'node:path';
import { counted } from '../counted.ts';
import { DeltaTable } from '../streams/5-lake/delta/delta-table.ts';
import type { LakeDisk } from '../streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { damagedFiles } from '../streams/5-lake/upkeep/damaged-files.ts';
import { tableFigures } from '../streams/5-lake/upkeep/table-figures.ts';
import type { Context } from './context.ts';
import { forEachTable } from './for-each-table.ts';
import { coalesceLake, exportLake, vacuumLake } from './lake-upkeep.ts';
import { deltaOptions, openLakeDisk, tables } from './lake-tables.ts';
import { sizeText } from './size-text.ts';

/** `pulse lake show`: what every table holds, by its log. */
export async function showLake(context: Context): Promise<void> {
  const disk = openLakeDisk(context);
  await forEachTable(tables, async (table) => {
    const line = await stateText(context, disk, table);
    await context.out.result(`${table.name.padEnd(24)} ${line}`);
  });
}

/** `pulse lake coalesce`: Bronze's days that are over in few files. */
export async function coalesceCommand(context: Context): Promise<void> {
  if (!(await coalesceLake(context, openLakeDisk(context)))) context.out.say('no day that is over lies in many files');
}

/** `pulse lake vacuum`: off the disk with what no reader can want any more. */
export async function vacuumCommand(context: Context): Promise<void> {
  if (!(await vacuumLake(context, openLakeDisk(context))))
    context.out.say('there is nothing that no reader can want any more');
}

/** `pulse lake export`: plain Parquet copies. */
export async function exportCommand(context: Context): Promise<void> {
  const paths = await exportLake(context, openLakeDisk(context));
  for (const path of paths) await context.out.result(join(context.config.dataDir, path));
  if (paths.length === 0) context.out.say('there is no table to copy yet: pulse sink writes them');
}

async function stateText(context: Context, disk: LakeDisk, table: LakeTable): Promise<string> {
  const options = deltaOptions(context, disk, table);
  const { snapshot } = await DeltaTable.open(options);
  if (snapshot.version < 0) return 'not there yet: pulse sink writes it';
  const damaged = await damagedFiles(options, snapshot);
  const lacks = damaged.length === 0 ? '' : `  ${counted(damaged.length, 'file')} missing or cut: ${damaged[0]}`;
  return `${figuresText(snapshot, table)}${lacks}`;
}

function figuresText(snapshot: DeltaTable['snapshot'], table: LakeTable): string {
  const { version, files, rows, bytes, times } = tableFigures(snapshot, table);
  const span = times === undefined ? '' : `  ${times[0]} to ${times[1]}`;
  return `version ${version}  ${counted(files, 'file')}  ${counted(rows, 'row')}  ${sizeText(bytes)}${span}`;
}
