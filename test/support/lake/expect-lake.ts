import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from '../../../src/streams/5-lake/tables.ts';
import { tableAt } from './table-at.ts';

/** What of a quote Bronze has to have. */
export interface QuoteRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly text: string | null;
}

/** The topics' contents, whoever has read them: every quote, and the latest value of each key of a table. */
export interface Topics {
  readonly quotes: readonly QuoteRecord[];
  readonly prices: readonly unknown[];
  readonly features: readonly unknown[];
  readonly movers: readonly unknown[];
}

/** A table of the lake under that data folder, as our own code reads it. */
export const lakeTable = (folder: string, table: LakeTable) => {
  const disk = new LakeDisk(nodeDisk, folder, randomUUID);
  return tableAt({ disk, folder: join(folder, table.name), now: Date.now, retentionMs: 3_600_000 }, table);
};

/** Expects each table of the lake to hold what its topic does, each row once. */
export async function expectLake(folder: string, topics: Topics): Promise<void> {
  await expectBronze(folder, topics.quotes);
  await expectRows(folder, silverTable, topics.prices);
  await expectRows(folder, featuresTable(features), topics.features);
  await expectRows(folder, moversTable(moverFeatures), topics.movers);
}

/** Expects Bronze to hold these records, each once. */
export async function expectBronze(folder: string, quotes: readonly QuoteRecord[]): Promise<void> {
  const { rows } = await lakeTable(folder, bronzeTable);
  const lines = rows.map(({ partition, offset, coin_id, raw }) => JSON.stringify([partition, offset, coin_id, raw]));
  const wanted = quotes.map(({ partition, offset, key, text }) => JSON.stringify([partition, offset, key, text]));
  expectSame(lines, wanted, bronzeTable.name);
}

/** Rows that are final, or have no such column; times are milliseconds in the table, text in the topic. */
async function expectRows(folder: string, table: LakeTable, values: readonly unknown[]): Promise<void> {
  const { rows } = await lakeTable(folder, table);
  const times = table.columns.filter(({ type }) => type === 'timestamp').map(({ name }) => name);
  const wanted = values
    .map((value) => ({ ...(value as Record<string, unknown>) }))
    .filter(({ final = true }) => final === true);
  expect(wanted.length, `${table.name}: the topic's rows`).toBeGreaterThan(0);
  for (const row of wanted) for (const name of times) row[name] = Date.parse(String(row[name]));
  expectSame(rows.map(lineOf), wanted.map(lineOf), table.name);
}

const lineOf = (row: object): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Compared line by line: a difference of long tables takes minutes to print. */
function expectSame(lines: readonly string[], wanted: readonly string[], what: string): void {
  const [seen, all] = [lines.toSorted(), wanted.toSorted()];
  const at = seen.findIndex((line, index) => line !== all[index]);
  if (at >= 0) expect(seen[at], `${what}, row ${at} of ${seen.length}`).toBe(all[at]);
  expect(seen.length, what).toBe(all.length);
}
