import { join } from 'node:path';
import { counted } from '../../counted.ts';
import { DeltaTable } from '../../streams/5-lake/delta/delta-table.ts';
import type { LakeDisk } from '../../streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../../streams/5-lake/lake-table.ts';
import { moveAway } from '../../streams/5-lake/move-away.ts';
import { canBeMended, withAdvice } from '../../streams/5-lake/table-failure.ts';
import { damagedFiles } from '../../streams/5-lake/upkeep/damaged-files.ts';
import type { Context } from '../context.ts';
import { deltaOptions, openLakeDisk, tables } from '../lake-tables.ts';
import { fault, type Finding, ok } from './finding.ts';

/** Whether the lake's tables can be read, and their files are there. */
export async function checkLake(context: Context): Promise<readonly Finding[]> {
  const disk = openLakeDisk(context);
  const findings: Finding[] = [];
  let written = 0;
  for (const table of tables) {
    const state = await stateOf(context, disk, table);
    if (typeof state === 'string') findings.push(fault(state));
    else if (state) written++;
  }
  if (findings.length > 0) return findings;
  return [
    written === 0
      ? ok('no table of the lake is written yet: pulse sink does it')
      : ok(`the lake: ${counted(written, 'table')}, no file missing`),
  ];
}

/** What is wrong with a table; else whether anybody has written it. */
async function stateOf(context: Context, disk: LakeDisk, table: LakeTable): Promise<string | boolean> {
  const options = deltaOptions(context, disk, table);
  try {
    const { snapshot } = await DeltaTable.open(options);
    const [damaged, ...more] = await damagedFiles(options, snapshot);
    if (damaged === undefined) return snapshot.version >= 0;
    const others = more.length === 0 ? '' : ` and ${more.length} more of its files`;
    return `${join(table.name, damaged)}${others} is not there as the table's log has it: ${moveAway(table.name)}`;
  } catch (error) {
    if (canBeMended(error)) return withAdvice(error, table.name).message;
    throw error;
  }
}
