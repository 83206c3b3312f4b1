import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { expect } from 'vitest';
import { pulse, temporaryFolder } from './pulse.ts';

/** A real market of 960 ticks, 30 coins and 8 hours. */
export const FEW_HOURS = resolve('test/fixtures/ingest/market-2023-12-first-8-hours.ndjson.gz');

let prepared: Promise<string> | undefined;

/** A data folder of one's own into which {@link FEW_HOURS} has been ingested and processed. */
export async function processedFolder(): Promise<string> {
  prepared ??= prepare();
  const folder = temporaryFolder();
  cpSync(await prepared, folder, { recursive: true });
  return folder;
}

async function prepare(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-processed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const env = { PULSE_DATA_DIR: folder };
  expect(await pulse(['ingest', '--source', 'recorded', '--file', FEW_HOURS], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  return folder;
}
