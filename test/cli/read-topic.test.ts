import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { processedFolder } from '../support/processed-folder.ts';
import { type PrintedRecord, pulse, readTopic, startPulse, temporaryFolder } from '../support/pulse.ts';

const COINS = 30;
const HOURS = 8;

describe('pulse topics read', () => {
  it('prints all records, the latest of every key, those of a key, or some', async () => {
    const env = { PULSE_DATA_DIR: await processedFolder() };
    const read = (...options: readonly string[]) => readTopic('pulse.prices_hourly', options, env);
    const all = await read();
    const latest = await read('--latest-per-key');
    expect(all.length).toBeGreaterThanOrEqual(latest.length);
    expect(new Set(latest.map(({ key }) => key)).size).toBe(COINS * HOURS);
    expect(latest).toHaveLength(COINS * HOURS);
    const last = new Map(all.map((record) => [record.key, record]));
    for (const record of latest) expect(record).toEqual(last.get(record.key));
    for (const partition of [0, 1, 2, 3]) {
      const offsets = all.filter((record) => record.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    }
    const key = 'bitcoin|2023-12-01T03:00:00.000Z';
    const [one, ...others] = await read('--latest-per-key', '--key', key);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ topic: 'pulse.prices_hourly', key, value: { coin_id: 'bitcoin', observations: 4 } });
    expect(one?.timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(await read('--limit', '3')).toEqual(all.slice(0, 3));
    expect(await read('--from', 'latest')).toEqual([]);
  });

  it('keeps every digit of what it prints', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    const quote =
      '{"id":"x","current_price":1.50,"last_updated":"2023-12-05T10:15:00Z","total_supply":12345678901234567890.10,"atl":1e-400}';
    const file = join(env.PULSE_DATA_DIR, 'digits.ndjson');
    writeFileSync(file, quote);
    expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
    const { stdout } = await pulse(['topics', 'read', 'coingecko.markets'], env);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(stdout).toContain(`"value":${quote}}`);
    expect((JSON.parse(stdout) as PrintedRecord).value).toEqual(JSON.parse(quote));
  });

  it('gives a reader that takes its time everything, what a pipe does not hold too', async () => {
    const command = `"${process.execPath}" "${resolve('bin/pulse.js')}" topics read coingecko.markets --limit 210`;
    const env = { PATH: process.env.PATH, PULSE_DATA_DIR: await processedFolder() };
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', `${command} | (sleep 3; cat)`], { env });
    expect(stdout.length).toBeGreaterThan(2 ** 16);
    expect(stdout.trimEnd().split('\n')).toHaveLength(210);
    expect(stderr).toBe('');
  });

  it('ends quietly when nobody reads on, and at a signal', async () => {
    const env = { PULSE_DATA_DIR: await processedFolder() };
    const piped = startPulse(['topics', 'read', 'coingecko.markets', '--follow'], env);
    await piped.said(/\n/);
    piped.child.stdout?.destroy();
    expect(await piped.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const help = startPulse(['topics', 'read', '--help']);
    help.child.stdout?.destroy();
    expect(await help.ended).toMatchObject({ code: 0, signal: null, stderr: '' });

    const follower = startPulse(['topics', 'read', 'coingecko.markets', '--follow', '--key', 'bitcoin'], env);
    await follower.said(/"key":"bitcoin"/);
    follower.child.kill('SIGTERM');
    const ended = await follower.ended;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(ended.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(4 * HOURS);
  });
});
