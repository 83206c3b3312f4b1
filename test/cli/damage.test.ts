import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processAll } from '../support/commands-here.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { laterTicks } from '../support/later-ticks.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';
import { editLmdb, flipped } from '../support/raw-lmdb.ts';

const CAUGHT_UP = ['process', '--until-caught-up'];
const READ = ['topics', 'read', 'pulse.prices_hourly'];

describe('a damaged log', () => {
  it('is refused in one line by what reads and what writes it, and is as it was when its file is back', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_PORT: '0' };
    const file = join(folder, 'log', 'data.mdb');
    const copy = join(temporaryFolder(), 'data.mdb');
    copyFileSync(file, copy);
    const damaged = async (damage: () => void, why: RegExp, ...commands: readonly (readonly string[])[]) => {
      damage();
      for (const command of commands) expectFailure(await pulse(command, env), 1, why);
      copyFileSync(copy, file);
    };
    const start = ['start', '--source', 'recorded', '--file', FEW_HOURS];
    const garbage = () => {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill('garbage', 0, 64));
    };
    await damaged(garbage, /data.mdb is damaged, its header is not one of LMDB: restore it/, READ, start);
    await damaged(() => truncateSync(file, 60_000), /data.mdb is damaged, .*: restore it/, CAUGHT_UP);
    await damaged(() => writeFileSync(file, 'no LMDB'), /data.mdb is damaged, its header is cut short/, READ);
    await damaged(() => truncateSync(file, 0), /There is no log at .*: nothing has been written there yet/, READ);
    const flipped = () => {
      const bytes = readFileSync(file);
      const row = '"coin_id":"bitcoin","ts"';
      for (let at = bytes.indexOf(row); at >= 0; at = bytes.indexOf(row, at + 1)) bytes[at + 3] = 0x58;
      writeFileSync(file, bytes);
      // Its recovery reads the same rows.
      rmSync(join(folder, 'state'), { recursive: true, force: true });
    };
    const batch = /^pulse: The batch at pulse.prices_hourly\[\d\] offset \d+ is damaged \(CRC mismatch\): /;
    await damaged(flipped, batch, READ, CAUGHT_UP, [...CAUGHT_UP, '--workers', '2']);

    await processAll(folder);
    await expectTables(folder, [FEW_HOURS]);
  });

  it('of another format is refused with both formats named', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder };
    const setFormat = (format: number) =>
      editLmdb(join(folder, 'log'), 'meta', (db) => {
        const header = JSON.parse(String(db.get(JSON_HEADER))) as object;
        void db.putSync(JSON_HEADER, Buffer.from(JSON.stringify({ ...header, format })));
      });
    await setFormat(2);
    expectFailure(await pulse(READ, env), 1, /the newer format 2, this program knows 1/);
    await setFormat(1);
    await processAll(folder);
    await expectTables(folder, [FEW_HOURS]);
  });
});

describe('state that is damaged, old or gone', () => {
  it('is rebuilt from the log, with one notice, and later ticks give the right tables', async () => {
    const later = laterTicks();
    const garbage = (folder: string) => writeFileSync(join(folder, 'state', 'data.mdb'), 'garbage');
    const older = (folder: string) =>
      editLmdb(join(folder, 'state'), 'meta', (db) => {
        const identity = JSON.parse(String(db.get(Buffer.from('identity')))) as object;
        db.putSync(Buffer.from('identity'), Buffer.from(JSON.stringify({ ...identity, format: 0 })));
      });
    const gone = (folder: string) => rmSync(join(folder, 'state'), { recursive: true });
    for (const [damage, notice] of [
      [garbage, /^the state in .* is damaged, .*: it is rebuilt from the log$/],
      [older, /^the state in .* is of format 0, this program has \d+: it is rebuilt from the log$/],
      [gone, undefined],
    ] as const) {
      const folder = await processedFolder();
      const env = { PULSE_DATA_DIR: folder };
      await damage(folder);
      expect(await pulse(['ingest', '--source', 'recorded', '--file', later], env)).toMatchObject({ code: 0 });
      const processed = await pulse(CAUGHT_UP, env);
      expect(processed).toMatchObject({ code: 0, stdout: '' });
      const [first = '', ...others] = processed.stderr.trimEnd().split('\n');
      expect(others).toHaveLength(notice === undefined ? 0 : 1);
      expect(first).toMatch(notice ?? /^\d+ records in = /);
      await expectTables(folder, [FEW_HOURS, later]);
    }
  });

  it.each([
    ['an hour', 'table:hours', /the row ".+" at \d+ of partition (\d) in "hours" fails/],
    ['what is known of a coin', 'table:coins', /the row ".+" at 0 of partition (\d) in "coins" fails/],
    ['how far the log is applied', 'meta', /what partition (\d) has applied fails/],
  ])(
    'is found by its checksum where LMDB is content, in %s: the partition alone is restored, and that is said',
    async (_, database, what) => {
      const later = laterTicks();
      const folder = await processedFolder();
      const env = { PULSE_DATA_DIR: folder };
      let damaged = new Set<number>();
      await editLmdb(join(folder, 'state'), database, (db) => {
        for (const { key, value } of [...db.getRange()]) {
          const partition = database === 'meta' ? key[2] : key.readUInt16BE(0);
          if (partition === 3 || (database === 'meta' && key.length !== 3)) continue;
          // Of a price, the least significant byte but two; of an offset, the last figure.
          db.putSync(key, flipped(value, 8 * Math.min(10, value.length - 6)));
          damaged = damaged.add(partition ?? -1);
        }
      });
      expect(damaged).toEqual(new Set([0, 1, 2]));
      expect(await pulse(['ingest', '--source', 'recorded', '--file', later], env)).toMatchObject({ code: 0 });
      const processed = await pulse(CAUGHT_UP, env);
      expect(processed, processed.stderr).toMatchObject({ code: 0, stdout: '' });
      const lines = processed.stderr.trimEnd().split('\n').slice(0, -1);
      const said = lines.map((line) => {
        expect(line).toMatch(
          /^maintain\|pulse.partials\|\d failed and has dropped its state and restores it from the log: /,
        );
        return Number(what.exec(line)?.[1]);
      });
      expect(said.sort()).toEqual([0, 1, 2]);
      await expectTables(folder, [FEW_HOURS, later]);
    },
  );
});

/** The header's key, as lmdb-js stores a string key. */
const JSON_HEADER = Buffer.from('header');
