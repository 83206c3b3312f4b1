import { join } from 'node:path';
import { expect, it } from 'vitest';
import { declaredTables } from '../support/declared-tables.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { laterTicks } from '../support/later-ticks.ts';
import { declaredTree } from '../support/new-feature-page.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';
import { readCurrent, readPlain } from './support/read-delta.ts';

const NAME = 'drawdown_7d';
/** Those that know the table's columns; the others take its files one by one, each with the columns that it was written with. */
const DELTA_READERS = ['delta-rs', 'pandas', 'polars'];
const READERS = ['delta-rs', 'pandas', 'polars', 'DuckDB', 'pyarrow'];

type Row = Readonly<Record<string, unknown>>;

it('a declared feature is a column to every reader: null in files of before, then what a batch job computes', async () => {
  const env = { PULSE_DATA_DIR: temporaryFolder() };
  const tree = declaredTree();
  const run = async (args: readonly string[], code?: string): Promise<void> => {
    const ended = await pulse(args, env, code);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
  };
  const ingest = (file: string) => ['ingest', '--source', 'recorded', '--file', file];
  const table = join(env.PULSE_DATA_DIR, 'gold', 'features_hourly');
  const finalRows = (files: readonly string[], change: (row: Row) => Row) =>
    new Map(
      [...declaredTables(files).features]
        .map(([key, row]) => [key, row as Row] as const)
        .filter(([, row]) => row.final)
        .map(([key, row]) => [key, change(row)]),
    );
  const expectEach = (seen: Readonly<Record<string, readonly Row[]>>, wanted: ReadonlyMap<string, object>): void => {
    for (const rows of Object.values(seen))
      expectEqualTable(
        rows.map((value) => ({ key: `${String(value.coin_id)}|${String(value.ts)}`, value })),
        wanted,
      );
  };

  await run(ingest(FEW_HOURS));
  await run(['process', '--until-caught-up']);
  await run(['sink', '--until-caught-up']);
  // The sink alone: the table has the column, no row has been written again.
  await run(['sink', '--until-caught-up'], tree);
  const before = readCurrent(table, DELTA_READERS);
  expect(Object.keys(before)).toEqual(DELTA_READERS);
  expectEach(
    before,
    finalRows([FEW_HOURS], (row) => ({ ...row, [NAME]: null })),
  );

  await run(['process', '--until-caught-up'], tree);
  await run(['sink', '--until-caught-up'], tree);
  expectEach(
    readCurrent(table, READERS),
    finalRows([FEW_HOURS], (row) => row),
  );

  const later = laterTicks();
  await run(ingest(later), tree);
  await run(['process', '--until-caught-up'], tree);
  await run(['sink', '--until-caught-up'], tree);
  await run(['lake', 'export'], tree);
  const wanted = finalRows([FEW_HOURS, later], (row) => row);
  expectEach(readCurrent(table, READERS), wanted);
  const copies = readPlain(join(env.PULSE_DATA_DIR, 'gold_parquet', 'features_hourly.parquet'));
  expect(Object.keys(copies).length).toBeGreaterThan(3);
  expectEach(copies, wanted);
});
