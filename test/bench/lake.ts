import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { QuoteGenerator } from '../../src/streams/1-ingest/simulated/quote-generator.ts';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import type { DeltaTable } from '../../src/streams/5-lake/delta/delta-table.ts';
import { diskPath } from '../../src/streams/5-lake/delta/partition-path.ts';
import { nodeDisk } from '../../src/streams/5-lake/disk/node-disk.ts';
import { bronzeTable, silverTable } from '../../src/streams/5-lake/tables.ts';
import { exportTable } from '../../src/streams/5-lake/upkeep/export-table.ts';
import type { Log, OutputRecord } from '../../src/streams/log/log.ts';
import { createMemoryLog } from '../../src/streams/log/memory/memory-log.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { lakePython } from '../lake/support/global-python.ts';
import { fillTable } from '../support/lake/fill-table.ts';
import { HourlyMarket } from '../support/lake/hourly-market.ts';
import { thousands } from './figures.ts';
import { CountingDisk } from './lake/counting-disk.ts';
import { measured, type Timing, timingLine } from './measured.ts';

/*
 * Rows a second from a topic in memory into the lake's tables on this machine's disk (read, decoded, Parquet, synced,
 * committed), and bytes a row, beside DuckDB's own COPY of the same rows from a table in memory, with the same compression. Then
 * what a month costs that comes hour by hour: how much is written for each byte that is there at the end.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    coins: { type: 'string', default: '250' },
    hours: { type: 'string', default: '720' },
    runs: { type: 'string', default: '3' },
    /** Some measurements alone, as for a profile: `bronze,silver`. */
    only: { type: 'string' },
  },
});
const [records, coins, hours, runs] = [options.records, options.coins, options.hours, options.runs].map(Number) as [
  number,
  number,
  number,
  number,
];
const only = options.only?.split(',');
const wants = (what: string): boolean => only === undefined || only.includes(what);
const PARTITIONS = 4;
const FLUSH_ROWS = 100_000;
const BEGIN = Date.UTC(2023, 10, 1);
const HOUR_MS = 3_600_000;
const names = topicNames('');
const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-lake-'));

interface Found {
  readonly timings: readonly Timing[];
  readonly bytes: number;
}

try {
  console.log(
    `${thousands(records)} quotes; ${thousands(coins * hours)} hourly rows of ${coins} coins; ${runs} runs, medians; Snappy`,
  );
  if (wants('bronze')) await compare(bronzeTable.name, await quotes(), records, '-');
  if (wants('silver')) await compare(silverTable.name, await month(coins), coins * hours, 'coin_id');
  if (wants('copy')) await copies();
  for (const every of [1, 24, hours]) if (wants('month')) await hourByHour(every);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function newLog(): Promise<Log> {
  const log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', PARTITIONS));
  return log;
}

async function quotes(): Promise<Log> {
  const log = await newLog();
  const spec = { seed: 'bench', coins, exponent: 0, startTime: BEGIN, eventMsPerQuote: 60_000 / coins };
  const generator = new QuoteGenerator(spec);
  for (let made = 0; made < records; made += 5_000)
    await log.append(
      Array.from({ length: Math.min(5_000, records - made) }, (): OutputRecord => {
        const { coinId, rank, json, eventTime } = generator.next();
        const headers = { observed_at: new Date(eventTime).toISOString(), source: 'simulated' };
        return { topic: names.markets, partition: rank % PARTITIONS, key: coinId, value: json, headers };
      }),
    );
  return log;
}

async function month(ofCoins: number): Promise<Log> {
  const log = await newLog();
  const market = new HourlyMarket(seededRandom('bench'), ofCoins, names.prices, PARTITIONS);
  for (let hour = 0; hour < hours; hour++) await log.append(market.hour(BEGIN + hour * HOUR_MS));
  return log;
}

/** Our sink and DuckDB's COPY on the same rows. */
async function compare(table: string, log: Log, rows: number, partition: string): Promise<void> {
  const timings: Timing[] = [];
  let delta: DeltaTable | undefined;
  for (let run = 0; run < runs; run++) {
    const at = mkdtempSync(join(folder, 'ours-'));
    const fill = async (): Promise<void> => {
      delta = await fillTable({ log, partitions: PARTITIONS, folder: at, table, flushRows: FLUSH_ROWS });
    };
    timings.push(await measured(fill));
    if (delta === undefined) throw new Error('there is no table');
    if (run < runs - 1) rmSync(at, { recursive: true });
  }
  if (delta === undefined) return;
  const files = [...delta.snapshot.files.values()];
  const found = files.reduce(
    (sum, { stats }) => sum + (JSON.parse(stats ?? '') as { numRecords: number }).numRecords,
    0,
  );
  if (found !== rows) throw new Error(`${table} has ${found} rows of ${rows}`);
  report(`${table}, from its topic`, { timings, bytes: files.reduce((sum, { size }) => sum + size, 0) }, rows);
  const paths = files.map(({ path }) => join(delta?.options.folder ?? '', diskPath(path)));
  report(`  DuckDB, COPY into one file`, duckDb('-', paths), rows);
  if (partition !== '-') report(`  DuckDB, COPY by ${partition}`, duckDb(partition, paths), rows);
  rmSync(delta.options.folder, { recursive: true });
}

function duckDb(partition: string, paths: readonly string[]): Found {
  const script = join(import.meta.dirname, 'lake', 'duckdb_copy.py');
  const args = [script, String(runs), join(folder, 'theirs'), partition, ...paths];
  const found = JSON.parse(execFileSync(lakePython(), args, { encoding: 'utf8' })) as (Timing & { bytes: number })[];
  return { timings: found, bytes: found[0]?.bytes ?? NaN };
}

function report(what: string, { timings, bytes }: Found, rows: number): void {
  console.log(`${timingLine(what, timings, rows)}  ${(bytes / rows).toFixed(1).padStart(6)} bytes a row`);
}

/** Silver's plain copy, which is read back from the table's files. */
async function copies(): Promise<void> {
  const log = await month(coins);
  const table = silverTable.name;
  const at = mkdtempSync(join(folder, 'copy-'));
  const delta = await fillTable({ log, partitions: PARTITIONS, folder: at, table, flushRows: FLUSH_ROWS });
  const timings: Timing[] = [];
  const disk = new CountingDisk(nodeDisk);
  for (let run = 0; run < runs; run++)
    timings.push(await measured(() => exportTable(delta, silverTable, join(at, 'copy.parquet'))));
  const copy = (await disk.list(at)).find(({ name }) => name === 'copy.parquet');
  report('plain copy of silver/prices_hourly', { timings, bytes: copy?.size ?? NaN }, coins * hours);
}

/** A month of a few coins, each of which costs what each of many would, flushed every so many hours. */
async function hourByHour(every: number): Promise<void> {
  const log = await newLog();
  const few = Math.min(coins, 20);
  const market = new HourlyMarket(seededRandom('bench'), few, names.prices, PARTITIONS);
  const disk = new CountingDisk(nodeDisk);
  const at = mkdtempSync(join(folder, 'month-'));
  const filling = { log, partitions: PARTITIONS, folder: at, table: silverTable.name, flushRows: FLUSH_ROWS, disk };
  let delta: DeltaTable | undefined;
  for (let hour = 0; hour < hours; hour++) {
    await log.append(market.hour(BEGIN + hour * HOUR_MS));
    if ((hour + 1) % every === 0 || hour === hours - 1) delta = await fillTable(filling);
  }
  const live = [...(delta?.snapshot.files.values() ?? [])];
  const bytes = live.reduce((sum, { size }) => sum + size, 0);
  console.log(
    `${hours} hours of ${few} coins, written every ${every} h: ${live.length} live files of ${thousands(bytes / live.length)} bytes; ` +
      `${thousands(disk.files / few)} files and ${thousands(disk.bytes / few / 1000)} KB written a coin, ` +
      `${(disk.bytes / bytes).toFixed(1)} bytes for each that is live`,
  );
}
