import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { laterTicks } from '../support/later-ticks.ts';
import { type PrintedRecord, pulse, readTopic, temporaryFolder } from '../support/pulse.ts';
import { type LakeRow, readCurrent, readPlain, readSkips, readTransactions } from './support/read-delta.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const READERS = ['delta-rs', 'pandas', 'polars', 'DuckDB', 'pyarrow'];
const TOPICS = {
  'silver/prices_hourly': 'pulse.prices_hourly',
  'gold/features_hourly': 'pulse.features_hourly',
  'gold/top_movers_24h': 'pulse.top_movers_24h',
} as const;

type Env = Readonly<Record<string, string>>;

describe('the lake of the recorded market', () => {
  it('is what the topics are, to every reader, before and after corrections; and so are the plain copies', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    await takeIn(SAMPLE, env);
    const { rows: before } = await compareTables(env, ['delta-rs']);
    // Corrections reach hours that are in the lake already.
    await takeIn(laterTicks(), env);
    const { rows: after } = await compareTables(env, READERS);
    expect(after).not.toEqual(before);
    await compareBronze(env);
    await compareCopies(env);
  });

  it('lets a reader skip row groups, and says how far it has come', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    await takeIn(SAMPLE, env);
    const bronze = join(env.PULSE_DATA_DIR, 'bronze/markets_snapshot');
    const [day = ''] = readdirSync(bronze).filter((name) => name.startsWith('ingest_date='));
    const [file = ''] = readdirSync(join(bronze, day));
    const skips = readSkips(join(bronze, day, file), ['offset', 'ingest_ts', 'coin_id', 'raw']);
    expect(skips.map(({ name }) => name)).toEqual(['coin_id', 'ingest_ts', 'offset', 'raw']);
    for (const { name, groups, least, most, codec } of skips) {
      expect(groups).toBe(2);
      expect(codec).toBe('SNAPPY');
      expect([least, most], name).toEqual(name === 'raw' ? [0, 0] : [groups, groups]);
    }
    const { stdout } = await pulse(['topics', 'describe', 'coingecko.markets'], env);
    const ends = [...stdout.matchAll(/partition (\d+): offsets 0 to (\d+)/g)];
    const wanted = Object.fromEntries(ends.map(([, at, end]) => [`crypto-pulse/coingecko.markets/${at}`, Number(end)]));
    expect(Object.keys(wanted)).toHaveLength(4);
    expect(readTransactions(bronze, Object.keys(wanted))).toEqual(wanted);
  });
});

async function takeIn(file: string, env: Env): Promise<void> {
  expect(await pulse(['ingest', '--source', 'recorded', '--file', file], env)).toMatchObject({ code: 0 });
  expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
  const sink = await pulse(['sink', '--until-caught-up'], env);
  expect(sink).toMatchObject({ code: 0, stdout: '' });
  expect(sink.stderr).toMatch(/^(\S+: (\d+ rows? written|nothing new), version \d+\n){4}$/);
}

async function compareTables(env: Env, readers: readonly string[]): Promise<{ readonly rows: readonly LakeRow[] }> {
  let rows: readonly LakeRow[] = [];
  for (const [table, topic] of Object.entries(TOPICS)) {
    const wanted = lakeRows(await readTopic(topic, ['--latest-per-key'], env));
    expect(wanted.length).toBeGreaterThan(20);
    expectEach(readCurrent(join(env.PULSE_DATA_DIR ?? '', table), readers), readers, wanted);
    if (table === 'silver/prices_hourly') rows = wanted;
  }
  return { rows };
}

async function compareBronze(env: Env): Promise<void> {
  const records = await readTopic('coingecko.markets', [], env);
  const seen = readCurrent(join(env.PULSE_DATA_DIR ?? '', 'bronze/markets_snapshot'), READERS);
  expect(Object.keys(seen)).toEqual(READERS);
  const wanted = inOrder(
    records.map(({ topic, partition, offset, timestamp, key, headers }) => ({
      ...{ raw: undefined, topic, partition, offset, coin_id: key, ingest_ts: timestamp, source: headers.source },
      ...{ observed_at: headers.observed_at ?? timestamp, ingest_date: timestamp.slice(0, 10) },
    })),
  );
  const values = new Map(records.map(({ partition, offset, value }) => [`${partition}/${offset}`, value]));
  for (const [reader, rows] of Object.entries(seen)) {
    expectSame(inOrder(rows.map((row) => ({ ...row, raw: undefined }))), wanted, reader);
    const other = rows.find(
      ({ partition, offset, raw }) =>
        JSON.stringify(JSON.parse(String(raw))) !==
        JSON.stringify(values.get(`${String(partition)}/${String(offset)}`)),
    );
    expect(other, reader).toBeUndefined();
  }
}

async function compareCopies(env: Env): Promise<void> {
  expect(await pulse(['lake', 'export'], env)).toMatchObject({ code: 0, stderr: '' });
  for (const [table, topic] of Object.entries(TOPICS)) {
    const path = join(env.PULSE_DATA_DIR ?? '', 'gold_parquet', `${table.split('/')[1] ?? ''}.parquet`);
    const wanted = lakeRows(await readTopic(topic, ['--latest-per-key'], env));
    expectEach(readPlain(path), ['pandas', 'polars', 'DuckDB', 'pyarrow'], wanted);
  }
}

/** What of a topic belongs into the lake: the rows that are final, or have no such column. */
const lakeRows = (records: readonly PrintedRecord[]): readonly LakeRow[] =>
  inOrder(records.map(({ value }) => value as LakeRow).filter(({ final = true }) => final === true));

function expectEach(
  seen: Readonly<Record<string, readonly LakeRow[]>>,
  readers: readonly string[],
  wanted: readonly LakeRow[],
): void {
  expect(Object.keys(seen)).toEqual(readers);
  for (const [reader, rows] of Object.entries(seen)) expectSame(inOrder(rows), wanted, reader);
}

/** Compared row by row: a difference of long tables takes minutes to print. */
function expectSame(rows: readonly LakeRow[], wanted: readonly LakeRow[], reader: string): void {
  expect(rows.length, reader).toBe(wanted.length);
  const textOf = (row: LakeRow): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const at = rows.findIndex((row, index) => textOf(row) !== textOf(wanted[index] ?? {}));
  if (at >= 0) expect(rows[at], `${reader}, row ${at}`).toEqual(wanted[at]);
}

const placeOf = ({ coin_id, ts = '', partition = 0, offset = 0 }: LakeRow): string =>
  offset === 0 && partition === 0
    ? `${String(coin_id)} ${String(ts)}`
    : `${String(partition)} ${String(offset).padStart(12, '0')}`;

const inOrder = (rows: readonly LakeRow[]): readonly LakeRow[] =>
  rows
    .map((row) => ({ row, place: placeOf(row) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ row }) => row);
