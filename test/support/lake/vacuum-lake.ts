import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { DeltaTable } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { diskPath } from '../../../src/streams/5-lake/delta/partition-path.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from '../../../src/streams/5-lake/tables.ts';
import { vacuum } from '../../../src/streams/5-lake/upkeep/vacuum.ts';

const HOUR_MS = 3_600_000;

/** Vacuums each table as of two hours later, with a retention of one; expects its live files to be all that is left. Resolves to how many went. */
export async function vacuumLake(folder: string): Promise<number> {
  const disk = new LakeDisk(nodeDisk, folder, randomUUID);
  const now = (): number => Date.now() + 2 * HOUR_MS;
  let removed = 0;
  for (const { name } of [bronzeTable, silverTable, featuresTable(features), moversTable(moverFeatures)]) {
    const delta = await DeltaTable.open({ disk, folder: join(folder, name), now, retentionMs: HOUR_MS });
    removed += (await vacuum(delta)).files;
    const live = [...delta.snapshot.files.keys()].map(diskPath);
    expect(filesIn(join(folder, name)), name).toEqual(live.toSorted());
  }
  return removed;
}

/** The files beside a table's log, and what was left in it of writes that broke off. */
const filesIn = (table: string): readonly string[] =>
  readdirSync(table, { recursive: true, encoding: 'utf8' })
    .filter((path) => (path.startsWith('_delta_log') ? path.includes('_aside_') : path.endsWith('.parquet')))
    .toSorted();
