import { join } from 'node:path';
import { DeltaTable } from '../streams/5-lake/delta/delta-table.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { tableFigures } from '../streams/5-lake/upkeep/table-figures.ts';
import type { Context } from './context.ts';
import { counted } from './counted.ts';
import { coalesceLake, exportLake, vacuumLake } from './lake-upkeep.ts';
import { deltaOptions, openLakeDisk, tables } from './lake-tables.ts';
import { sizeText } from './size-text.ts';

/** `pulse lake show`: what every table holds, by its log. */
export async function showLake(context: Context): Promise<void> {
  const disk = openLakeDisk(context);
  for (const table of tables) {
    const { snapshot } = await DeltaTable.open(deltaOptions(context, disk, table));
    const line = snapshot.version < 0 ? 'not there yet: pulse sink writes it' : figuresText(snapshot, table);
    await context.out.result(`${table.name.padEnd(24)} ${line}`);
  }
}

/** `pulse lake coalesce`: Bronze's days that are over in few files. */
export const coalesceCommand = (context: Context): Promise<void> => coalesceLake(context, openLakeDisk(context));

/** `pulse lake vacuum`: off the disk with what no reader can want any more. */
export const vacuumCommand = (context: Context): Promise<void> => vacuumLake(context, openLakeDisk(context));

/** `pulse lake export`: plain Parquet copies. */
export async function exportCommand(context: Context): Promise<void> {
  for (const path of await exportLake(context, openLakeDisk(context)))
    await context.out.result(join(context.config.dataDir, path));
}

function figuresText(snapshot: DeltaTable['snapshot'], table: LakeTable): string {
  const { version, files, rows, bytes, times } = tableFigures(snapshot, table);
  const span = times === undefined ? '' : `  ${times[0]} to ${times[1]}`;
  return `version ${version}  ${counted(files, 'file')}  ${counted(rows, 'row')}  ${sizeText(bytes)}${span}`;
}
