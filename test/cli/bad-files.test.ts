import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestAndProcess } from '../support/commands-here.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';

const recorded = (file: string): readonly string[] => ['--source', 'recorded', '--file', file];

describe('a recorded file that can’t be read', () => {
  it('is refused in one line, before anything is made', async () => {
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: join(folder, 'data'), PULSE_PORT: '0' };
    const none = join(folder, 'none.ndjson');
    for (const command of ['ingest', 'start'])
      expectFailure(await pulse([command, ...recorded(none)], env), 1, /there is no file .*none/);
    const empty = join(folder, 'empty.ndjson');
    writeFileSync(empty, '');
    expectFailure(await pulse(['ingest', ...recorded(empty)], env), 1, /empty.ndjson is empty/);
    expect(existsSync(env.PULSE_DATA_DIR)).toBe(false);
  });

  it('is refused with what it holds instead of quotes', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'error.json');
    writeFileSync(file, '{"status":{"error_code":429,"error_message":"You have been throttled."}}');
    const ended = await pulse(['ingest', ...recorded(file)], { PULSE_DATA_DIR: join(folder, 'data') });
    expectFailure(ended, 1, /error.json holds no quotes but CoinGecko's error 429: You have been throttled.$/m);
  });

  it('breaks off where its gzip does: what came before is good, and so is what comes after', async () => {
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: join(folder, 'data') };
    const cut = join(folder, 'cut.ndjson.gz');
    writeFileSync(cut, readFileSync(FEW_HOURS).subarray(0, 6_000));
    expectFailure(await pulse(['ingest', ...recorded(cut)], env), 1, /cut.ndjson.gz can't be read: unexpected end of/);
    const { stderr } = await pulse(['process', '--until-caught-up'], env);
    const [, count = '0'] = /(\d+) records in = \1 ticks \+ 0 /.exec(stderr) ?? [];
    expect(Number(count)).toBeGreaterThan(100);
    const first = join(folder, 'first.ndjson');
    writeFileSync(first, gunzipSync(readFileSync(FEW_HOURS)).toString().split('\n').slice(0, Number(count)).join('\n'));
    await expectTables(env.PULSE_DATA_DIR, [first]);

    await ingestAndProcess(env.PULSE_DATA_DIR, FEW_HOURS);
    await expectTables(env.PULSE_DATA_DIR, [first, FEW_HOURS]);
  });
});
