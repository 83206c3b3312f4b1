import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { coalesceCommand, exportCommand, showLake, vacuumCommand } from '../../src/cli/lake.ts';
import { openLakeDisk } from '../../src/cli/lake-tables.ts';
import { keepLakeUp } from '../../src/cli/lake-upkeep.ts';
import { sizeText } from '../../src/cli/size-text.ts';
import { loadConfig } from '../../src/config.ts';
import { bronzeTable } from '../../src/streams/5-lake/tables.ts';
import { LakeFolder } from '../support/lake/lake-folder.ts';
import { tableAt } from '../support/lake/table-at.ts';
import { ManualTime } from '../support/manual-time.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { until } from '../support/web/web-harness.ts';

/** Commands on a lake, at a time that is put forward by hand. */
class Bench {
  readonly lake = new LakeFolder(temporaryFolder());
  readonly clock = new ManualTime();
  readonly said: string[] = [];
  readonly #results: string[] = [];
  readonly ending = new AbortController();
  readonly context: Context = {
    config: loadConfig({ environment: { PULSE_DATA_DIR: this.lake.path } }),
    clock: this.clock,
    signal: this.ending.signal,
    owner: 'test',
    out: {
      isTerminal: false,
      result: (line) => Promise.resolve(this.#results.push(line) > 0),
      say: (line) => void this.said.push(line),
    },
  };

  /** The lines of a command's result. */
  async results(command: (context: Context) => Promise<void>): Promise<readonly string[]> {
    this.#results.length = 0;
    await command(this.context);
    return [...this.#results];
  }

  /** What the last command has printed, also where it failed. */
  get lines(): readonly string[] {
    return this.#results;
  }

  copies = (): readonly string[] => {
    const folder = join(this.lake.path, 'gold_parquet');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };
}

describe('pulse lake show', () => {
  it('tells versions, files, rows, bytes and times; and which tables are not there yet', async () => {
    const bench = new Bench();
    expect(await bench.results(showLake)).toEqual([
      'bronze/markets_snapshot  not there yet: pulse sink writes it',
      'silver/prices_hourly     not there yet: pulse sink writes it',
      'gold/features_hourly     not there yet: pulse sink writes it',
      'gold/top_movers_24h      not there yet: pulse sink writes it',
    ]);
    const one = await bench.lake.addSilver('bitcoin', 1);
    const size = [...one.snapshot.files.values()].reduce((sum, file) => sum + file.size, 0);
    expect((await bench.results(showLake))[1]).toBe(
      `silver/prices_hourly     version 1  1 file  1 row  ${(size / 1000).toFixed(1)} KB  ` +
        '2023-12-01T00:00:00.000Z to 2023-12-01T00:00:00.000Z',
    );
    await bench.lake.addSilver('a b', 30);
    expect((await bench.results(showLake))[1]).toMatch(
      /^silver\/prices_hourly {5}version 2 {2}2 files {2}31 rows {2}\d+\.\d KB {2}2023-12-01T00:00:00.000Z to 2023-12-02T05:/,
    );
  });

  it('names what is missing of a table, and goes on behind one that can’t be read, which it then tells', async () => {
    const bench = new Bench();
    const one = await bench.lake.addSilver('bitcoin', 30);
    const [path = ''] = one.snapshot.files.keys();
    rmSync(join(bench.lake.path, 'silver/prices_hourly', path));
    expect((await bench.results(showLake))[1]).toMatch(
      new RegExp(`1 file missing or cut: ${path.replace('.', '\\.')}$`),
    );

    const log = join(bench.lake.path, 'silver/prices_hourly/_delta_log');
    writeFileSync(join(log, '00000000000000000002.json'), '{"junk');
    const advice = /holds a line that is no action: .*: move the folder silver\/prices_hourly of the data folder away/;
    await expect(bench.results(showLake)).rejects.toThrow(advice);
    expect(bench.lines).toEqual([
      expect.stringMatching(/^bronze\//),
      expect.stringMatching(/^gold\/features_hourly/),
      expect.stringMatching(/^gold\/top_movers_24h/),
    ]);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 KB'],
    [61_249, '61.2 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1.0 MB'],
    [12_345_678, '12.3 MB'],
    [5e12, '5.0 TB'],
    [5e15, '5000.0 TB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));
});

describe('pulse lake coalesce', () => {
  it('puts the files of days that are over into one a day, in the order of the log, and leaves today’s', async () => {
    const bench = new Bench();
    // It is 2024-01-01.
    await bench.lake.addBronze('2023-12-30', [3, 4, 5]);
    await bench.lake.addBronze('2023-12-31', [7]);
    await bench.lake.addBronze('2023-12-30', [0, 1, 2]);
    await bench.lake.addBronze('2024-01-01', [9]);
    await bench.lake.addBronze('2024-01-01', [8]);
    await bench.results(coalesceCommand);
    expect(bench.said).toEqual(['bronze/markets_snapshot: 2 files of days that are over are 1 now']);
    const { rows, snapshot } = await tableAt(bench.lake.options(bronzeTable), bronzeTable);
    const perDay = [...snapshot.files.values()].map(({ partitionValues }) => partitionValues.ingest_date).sort();
    expect(perDay).toEqual(['2023-12-30', '2023-12-31', '2024-01-01', '2024-01-01']);
    expect(rows.map(({ offset }) => offset).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9]);
    const ofDay = rows.filter(({ ingest_date }) => ingest_date === '2023-12-30');
    expect(ofDay.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    bench.said.length = 0;
    await bench.results(coalesceCommand);
    expect(bench.said).toEqual(['no day that is over lies in many files']);
  });
});

describe('the lake’s upkeep', () => {
  it('copies a minute after the start, then once an hour, however often it is started', async () => {
    const bench = new Bench();
    await bench.lake.addSilver('bitcoin', 30);
    const upkeep = (): { readonly stop: () => Promise<void> } => {
      const ending = new AbortController();
      const running = keepLakeUp(bench.context, openLakeDisk(bench.context), ending.signal);
      return {
        stop() {
          ending.abort();
          return running;
        },
      };
    };
    const first = upkeep();
    bench.clock.advance(59_999);
    expect(bench.copies()).toEqual([]);
    bench.clock.advance(1);
    await until(() => bench.clock.pending > 0, 'it waits again');
    expect(bench.copies()).toEqual(['prices_hourly.parquet', 'prices_hourly.parquet.sha256']);
    await first.stop();
    // The copy's time is the disk's, the others are the clock's: from here on they are one.
    const copy = join(bench.lake.path, 'gold_parquet/prices_hourly.parquet');
    const written = bench.clock.now() / 1000;
    const left = join(bench.lake.path, 'gold_parquet/_aside_killed.tmp');
    writeFileSync(left, 'torn');
    utimesSync(left, written, written);
    utimesSync(copy, written, written);
    const isCopiedAgain = async (): Promise<boolean> => {
      const { stop } = upkeep();
      bench.clock.advance(60_000);
      await until(() => bench.clock.pending > 0, 'it waits again');
      await stop();
      return statSync(copy).mtimeMs !== written * 1000;
    };
    expect(await isCopiedAgain()).toBe(false);
    expect(existsSync(left)).toBe(true);
    bench.clock.advance(3_600_000 - 120_000);
    expect(await isCopiedAgain()).toBe(true);
    expect(existsSync(left)).toBe(false);
  });

  it('says what was vacuumed, and which copies were written', async () => {
    const bench = new Bench();
    await bench.lake.addBronze('2023-12-30', [0]);
    await bench.lake.addBronze('2023-12-30', [1]);
    await bench.results(coalesceCommand);
    bench.said.length = 0;
    await bench.results(vacuumCommand);
    expect(bench.said).toEqual(['there is nothing that no reader can want any more']);
    // The disk's files are of today: the clock goes there, and beyond the retention.
    bench.clock.advance(Date.now() + 7 * 3_600_000 - bench.clock.now());
    bench.said.length = 0;
    await bench.results(vacuumCommand);
    expect(bench.said.join()).toMatch(/^bronze\/markets_snapshot: 2 files removed, \d\.\d KB$/);
    await bench.lake.addSilver('bitcoin', 3);
    expect(await bench.results(exportCommand)).toEqual([join(bench.lake.path, 'gold_parquet/prices_hourly.parquet')]);
  });
});
