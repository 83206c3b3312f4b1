import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../support/declared-tables.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { addPageTest, declaredTree, pageBlock, pageCommands } from '../support/new-feature-page.ts';
import { nextDay } from '../support/next-day.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic, startPulse, temporaryFolder } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const NAME = 'drawdown_7d';

let tree: string;
beforeAll(() => {
  tree = declaredTree();
});

type Row = Readonly<Record<string, unknown>>;

const known = new Map<string, ReturnType<typeof declaredTables>>();

/** Computed once for each set of files: it takes as long as a command. */
function tablesOf(files: readonly string[]): ReturnType<typeof declaredTables> {
  const tables = known.get(files.join()) ?? declaredTables(files);
  known.set(files.join(), tables);
  return tables;
}

/** The page's example on a data folder of its own: the code as it is, and the code with the declaration. */
class Example {
  readonly env = { PULSE_DATA_DIR: temporaryFolder() };

  /** Runs the commands of a block of the page, all of which must succeed. */
  async follow(block: string, code?: string): Promise<readonly Ended[]> {
    const ended: Ended[] = [];
    for (const args of pageCommands(block)) ended.push(await this.succeeds(args, code));
    return ended;
  }

  succeeds(args: readonly string[], code?: string): Promise<Ended> {
    return pulseSucceeds(args, this.env, code);
  }

  /** Takes a file in with the new code, up to the lake's files. */
  async takeIn(file: string): Promise<void> {
    await this.succeeds(['ingest', '--source', 'recorded', '--file', file], tree);
    await this.follow('after', tree);
  }

  async expectTopics(files: readonly string[], namespace = ''): Promise<void> {
    const wanted = tablesOf(files);
    const env = { ...this.env, PULSE_NAMESPACE: namespace };
    const table = (topic: string) => readTopic(topic, ['--latest-per-key'], env);
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
  }

  /** The values of the column by coin and hour, as a batch job computes them; of final rows alone where asked for. */
  wanted(files: readonly string[], isFinal = false): ReadonlyMap<string, number> {
    const rows = [...tablesOf(files).features].map(([key, row]) => [key, row as Row] as const);
    return new Map(rows.filter(([, row]) => !isFinal || row.final).map(([key, row]) => [key, row[NAME] as number]));
  }

  async expectLake(files: readonly string[]): Promise<void> {
    const wanted = this.wanted(files, true);
    const path = join(this.env.PULSE_DATA_DIR, 'gold_parquet', 'features_hourly.parquet');
    const rows = (await parquetReadObjects({ file: await asyncBufferFromFile(path) })) as Row[];
    expectValues(
      new Map(rows.map((row) => [`${String(row.coin_id)}|${(row.ts as Date).toISOString()}`, row[NAME]])),
      wanted,
    );
    // One version changed the columns: the new one, nullable, before `final`.
    const folder = join(this.env.PULSE_DATA_DIR, 'gold', 'features_hourly', '_delta_log');
    const schemas = readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .sort()
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .flatMap((line) => (line.includes('"metaData"') ? [schemaOf(line)] : []));
    const [before, after] = schemas;
    expect(schemas).toHaveLength(2);
    expect(after).toEqual(before!.toSpliced(-1, 0, { name: NAME, type: 'double', nullable: true, metadata: {} }));
  }

  /** What the page's server of the new code says. */
  async expectServed(files: readonly string[]): Promise<void> {
    const web = startPulse(['web', '--port', '0'], this.env, tree);
    const url = (await web.said(/http:\/\/[\d.]+:\d+/)).replace(/\/$/, '');
    for (let status = 0; status !== 200; status = (await fetch(`${url}/readyz`)).status) await sleep(100);
    const wanted = this.wanted(files);
    const { columns, coins } = (await (await fetch(`${url}/api/coins`)).json()) as {
      readonly columns: readonly Row[];
      readonly coins: readonly { readonly coin: string; readonly ts: number; readonly values: readonly unknown[] }[];
    };
    const index = columns.findIndex(({ name }) => name === NAME);
    expect(columns[index]).toMatchObject({ unit: 'change', hours: 168, label: 'Drawdown 7d', table: 'features' });
    const newest = new Map(
      coins.map(({ coin, ts, values }) => [`${coin}|${new Date(ts).toISOString()}`, values[index]]),
    );
    expect(newest.size).toBeGreaterThan(20);
    expectValues(newest, new Map([...wanted].filter(([key]) => newest.has(key))));
    const { rows } = (await (await fetch(`${url}/api/features/bitcoin`)).json()) as { readonly rows: readonly Row[] };
    const served = new Map(rows.map((row) => [`bitcoin|${String(row.ts)}`, row[NAME]]));
    expectValues(served, new Map([...wanted].filter(([key]) => key.startsWith('bitcoin|'))));
    web.child.kill('SIGINT');
    expect(await web.ended).toMatchObject({ code: 0 });
  }
}

describe('docs/new-feature.md', { timeout: 180_000 }, () => {
  it('says what happens: replayed, compared and promoted, the column is everywhere, and live goes on with it', async () => {
    const example = new Example();
    await example.follow('before');
    const [args] = pageCommands('replay');
    const replay = await pulse(args!, example.env, tree);
    expect(replay, replay.stderr).toMatchObject({ code: 1 });
    const said = replay.stdout.split('\n').map((line) => line.trimEnd());
    const rows = example.wanted([SAMPLE]).size;
    expect(said.filter((line) => / differs in /.test(line))).toEqual([`  features.${NAME} differs in ${rows} rows`]);
    const printed = pageBlock('output').filter((line) => line !== '…');
    expect(said.filter((line) => printed.includes(line))).toEqual(printed);
    await example.expectTopics([SAMPLE], 'replay');
    // Live is as it was: nobody has told it.
    const before = await readTopic('pulse.features_hourly', ['--limit', '1'], example.env);
    expect(before[0]?.value).not.toHaveProperty(NAME);

    await example.follow('promote', tree);
    expect((await example.succeeds(['diff', '.', 'replay'], tree)).stdout).toContain('the tables are equal');
    await example.follow('after', tree);
    await example.expectTopics([SAMPLE]);
    await example.expectLake([SAMPLE]);

    const later = nextDay();
    await example.takeIn(later);
    await example.expectTopics([SAMPLE, later]);
    await example.expectLake([SAMPLE, later]);
    await example.expectServed([SAMPLE, later]);
  });

  it('has a test: with its one line the batch computation says the same, bit for bit, and an hour less is found out', () => {
    const other = declaredTree();
    const tests = ['test/streams/4-gold', 'test/golden'];
    addPageTest(other, tests);
    const run = () => {
      const vitest = join(other, 'node_modules', 'vitest', 'vitest.mjs');
      const args = [vitest, 'run', '--project', 'unit', '--maxWorkers', '1', ...tests];
      // What it counts is its own: one of its runs is to fail.
      const env = { ...process.env, PULSE_TEST_COUNTS: '' };
      return spawnSync(process.execPath, args, { cwd: other, env, encoding: 'utf8' });
    };
    const held = run();
    expect(held.status, held.stdout).toBe(0);
    const oracle = join(other, 'test', 'support', 'oracle', 'feature-rows.ts');
    writeFileSync(oracle, readFileSync(oracle, 'utf8').replace('rowsIn(hours, h, 168)', 'rowsIn(hours, h, 167)'));
    expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('roll-windows.test.ts') as string });
  });

  it('says that a start with the new code alone comes to the same, and tells so', async () => {
    const example = new Example();
    await example.succeeds(['ingest', '--source', 'recorded', '--file', FEW_HOURS]);
    for (const args of pageCommands('before').slice(1)) await example.succeeds(args);
    const [processed] = await example.follow('after', tree);
    const told = processed!.stderr.match(
      /the declarations have changed: partition \d was computed anew, \d+ rows? differed/g,
    );
    expect(told).toHaveLength(4);
    await example.expectTopics([FEW_HOURS]);
    await example.expectLake([FEW_HOURS]);
    // And back: the column goes, as it came.
    await example.follow('after');
    const rows = await readTopic('pulse.features_hourly', ['--latest-per-key'], example.env);
    expect(rows.filter(({ value }) => NAME in (value as Row))).toEqual([]);
  });
});

function expectValues(seen: ReadonlyMap<string, unknown>, wanted: ReadonlyMap<string, number>): void {
  expectEqualTable(
    [...seen].map(([key, value]) => ({ key, value: { value } })),
    new Map([...wanted].map(([key, value]) => [key, { value }])),
  );
}

function schemaOf(line: string): readonly Row[] {
  const { metaData } = JSON.parse(line) as { readonly metaData: { readonly schemaString: string } };
  return (JSON.parse(metaData.schemaString) as { readonly fields: readonly Row[] }).fields;
}

const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
