import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Lake, LakeDownload } from '../../src/web/contract.ts';
import { processedFolder } from '../support/processed-folder.ts';
import { pulse, readTopic, startPulse, temporaryFolder } from '../support/pulse.ts';
import { runDuckDb } from './support/read-delta.ts';

const TOPICS: Readonly<Record<string, string>> = {
  'prices_hourly.parquet': 'pulse.prices_hourly',
  'features_hourly.parquet': 'pulse.features_hourly',
  'top_movers_24h.parquet': 'pulse.top_movers_24h',
};

describe('what the dashboard’s server offers of the lake', () => {
  it('is what the commands say, and DuckDB reads each download with the statement that comes with it', async () => {
    const env = { PULSE_DATA_DIR: await processedFolder(), PULSE_PORT: '0' };
    const web = startPulse(['web'], env);
    const [, url = ''] = /the page is at (\S+)/.exec(await web.said(/the page is at \S+/)) ?? [];
    const read = async (): Promise<Lake> => (await (await fetch(`${url}/api/lake`)).json()) as Lake;
    expect((await read()).tables.map(({ version }) => version)).toEqual([null, null, null, null]);

    expect(await pulse(['sink', '--until-caught-up'], env)).toMatchObject({ code: 0 });
    expect(await pulse(['lake', 'export'], env)).toMatchObject({ code: 0 });
    const { tables, downloads } = await read();
    const { stdout } = await pulse(['lake', 'show'], env);
    expect(tables.map(shown)).toEqual(stdout.trimEnd().split('\n').map(inShort));
    expect(downloads.map(({ name }) => name)).toEqual(Object.keys(TOPICS));

    const folder = temporaryFolder();
    for (const download of downloads) await compare(url, folder, download, env);

    web.child.kill('SIGTERM');
    expect(await web.ended).toMatchObject({ code: 0, signal: null });
  });
});

async function compare(
  url: string,
  folder: string,
  { name, href, rows, bytes, sha256, columns, duckdb }: LakeDownload,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await fetch(url + href);
  const received = Buffer.from(await response.arrayBuffer());
  expect(received).toHaveLength(bytes);
  expect(createHash('sha256').update(received).digest('hex')).toBe(sha256);
  expect(response.headers.get('etag')).toBe(`"${sha256}"`);
  writeFileSync(join(folder, name), received);
  const records = await readTopic(TOPICS[name] ?? '', ['--latest-per-key'], env);
  const wanted = records
    .map(({ value }) => value as Readonly<Record<string, unknown>>)
    .filter(({ final = true }) => final === true);
  expect(rows).toBe(wanted.length);
  const seen = runDuckDb(folder, duckdb);
  expect(seen).toHaveLength(10);
  for (const row of seen) expect(wanted).toContainEqual(row);
  expect(Object.keys(seen[0] ?? {})).toEqual(columns.map((column) => column.name));
  const newest = wanted.map(({ ts, as_of }) => String(ts ?? as_of)).reduce((a, b) => (a > b ? a : b));
  expect(String(seen[0]?.['ts'] ?? seen[0]?.['as_of'])).toBe(newest);
}

/** A line of `pulse lake show` but for its bytes, which are rounded. */
const inShort = (line: string): string => line.replace(/ {2,}\S+ [KM]B/, '').replace(/ {2,}/g, ' ');

const shown = ({ name, version, files, rows, from, to }: Lake['tables'][number]): string => {
  const times = [from, to].map((time) => new Date(time ?? NaN).toISOString()).join(' to ');
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  return `${name} version ${version} ${counted(files, 'file')} ${counted(rows, 'row')} ${times}`;
};
