import { cpSync, mkdirSync, statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closedPort } from '../../support/closed-port.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { expectTables } from '../../support/expect-tables.ts';
import { laterTicks } from '../../support/later-ticks.ts';
import { FEW_HOURS, processedFolder } from '../../support/processed-folder.ts';
import { type Ended, pulse, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { quotesIn, untilMoreQuotesThan } from '../../support/quotes-in.ts';
import { Tmpfs } from '../log/tmpfs.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const CAUGHT_UP = ['process', '--until-caught-up'];
const FULL = /disk (that holds .* )?(is full|has no room)[^\n]*[:;] free some space and start again/;

const ingest = (file: string): readonly string[] => ['ingest', '--source', 'recorded', '--file', file];

let disk: Tmpfs | undefined;
afterEach(() => {
  disk?.remove();
  disk = undefined;
});

/** Leaves so many kilobytes, or a multiple where somebody takes as many while they are counted. */
function leave(kilobytes: number): void {
  for (let room = kilobytes; ; room += kilobytes) {
    const { blocks, bfree, bsize } = statfsSync(disk?.path ?? '');
    try {
      return disk?.remount(`size=${Math.ceil(((blocks - bfree) * bsize) / 1024) + room}k`);
    } catch (error) {
      if (room > 30 * kilobytes) throw error;
    }
  }
}

const LMDB = /mdb_page_spill.*\n|Write error: .*?, size \d+/gm;
const BESIDE =
  /^the (table \S+ waits|lake's upkeep waits|view can't be fed): the disk .* is full: free some space.*\n/gm;

/**
 * Expects one line of ours, after those of the lake and of the page's view, which wait where they find the disk full before the log
 * does. LMDB's C code prints some of its failed writes by itself, which nothing in Node can stop.
 */
function expectFull(ended: Ended): void {
  expect(ended.signal, ended.stderr).toBe(null);
  const ours = ended.stderr.replace(LMDB, '').replace(BESIDE, '');
  expectFailure({ ...ended, stderr: ours, stdout: '' }, 1, FULL);
}

describe('a full disk', () => {
  it('ends ingest and process with one clear line; with more room the same commands go on, and lose nothing', async () => {
    disk = new Tmpfs('6m');
    const env = { PULSE_DATA_DIR: disk.path };
    expectFull(await pulse(ingest(SAMPLE), env));
    expectFull(await pulse(CAUGHT_UP, env));
    disk.remount('size=60m');
    expect(await pulse(ingest(SAMPLE), env)).toMatchObject({ code: 0 });
    for (const room of [600, 3_000, 6_000]) {
      leave(room);
      expectFull(await pulse(CAUGHT_UP, env));
    }
    leave(3_000);
    expectFull(await pulse([...CAUGHT_UP, '--workers', '2'], env));
    disk.remount('size=400m');
    expect(await pulse(CAUGHT_UP, env)).toMatchObject({ code: 0 });
    await expectTables(disk.path, [SAMPLE]);
  });

  it('ends a running start with one clear line; with more room it goes on, and loses nothing', async () => {
    disk = new Tmpfs('60m');
    const env = { PULSE_DATA_DIR: disk.path, PULSE_PORT: '0' };
    const running = startPulse(['start', '--source', 'recorded', '--file', SAMPLE, '--speed', '40000'], env);
    await running.said(/the page is at/);
    await untilMoreQuotesThan(disk.path, 2_000);
    leave(300);
    expectFull(await running.ended);
    expect(await quotesIn(disk.path)).toBeLessThan(40_320);
    disk.remount('size=400m');
    expect(await pulse(ingest(SAMPLE), env)).toMatchObject({ code: 0 });
    expect(await pulse(CAUGHT_UP, env)).toMatchObject({ code: 0 });
    await expectTables(disk.path, [SAMPLE]);
  });

  it('under the state alone stops process before anything is lost', async () => {
    const folder = temporaryFolder();
    const state = join(folder, 'state');
    mkdirSync(state);
    disk = new Tmpfs('1m', state);
    const env = { PULSE_DATA_DIR: folder };
    expect(await pulse(ingest(SAMPLE), env)).toMatchObject({ code: 0 });
    for (const command of [CAUGHT_UP, [...CAUGHT_UP, '--workers', '2']]) expectFull(await pulse(command, env));
    disk.remount('size=100m');
    expect(await pulse(CAUGHT_UP, env)).toMatchObject({ code: 0 });
    await expectTables(folder, [SAMPLE]);
  });
});

describe('a data folder that can only be read', () => {
  it('refuses what would write, one clear line each, and serves what reads', async () => {
    const folder = await processedFolder();
    disk = new Tmpfs('20m');
    const data = join(disk.path, 'data');
    cpSync(folder, data, { recursive: true });
    const env = {
      PULSE_DATA_DIR: data,
      PULSE_PORT: '0',
      PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`,
    };
    disk.remount('ro');
    const unwritable = /^pulse: .* can't be (written|made|removed): check the (disk and its permissions|path)/;
    for (const command of [CAUGHT_UP, ingest(FEW_HOURS), ['start'], ['web']])
      expectFailure(await pulse(command, env), 1, unwritable);
    const reset = await pulse(['reset', '--yes'], env);
    expect(reset.code).toBe(1);
    expect(reset.stderr.trimEnd().split('\n').at(-1)).toMatch(unwritable);
    const doctor = await pulse(['doctor'], env);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/^✗ .* can't be written: change its permissions, or set PULSE_DATA_DIR/m);
    expect(doctor.stdout).toMatch(/^✓ the log can be read; 9 topics/m);
    await expectTables(env.PULSE_DATA_DIR, [FEW_HOURS]);

    disk.remount('rw');
    const later = laterTicks();
    expect(await pulse(ingest(later), env)).toMatchObject({ code: 0 });
    expect(await pulse(CAUGHT_UP, env)).toMatchObject({ code: 0 });
    await expectTables(env.PULSE_DATA_DIR, [FEW_HOURS, later]);
  });
});
