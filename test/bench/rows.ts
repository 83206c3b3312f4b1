import process from 'node:process';
import fc from 'fast-check';
import { features, moverFeatures } from '../../src/streams/4-gold/features.ts';
import type { Bytes } from '../../src/streams/log/record.ts';
import { jsonWriter } from '../../src/streams/rows/json-writer.ts';
import type { RowFormat, RowWriter } from '../../src/streams/rows/row-format.ts';
import { featureRows, moverRows, silverRows } from '../support/rows/arbitrary-rows.ts';
import { MemoryRegistry } from '../support/rows/memory-registry.ts';
import { rowsWith } from '../support/rows/rows-with.ts';
import { median } from './figures.ts';

/*
 * What it costs to write and to read a row, in JSON and in Avro: `npm run bench -- rows`. The rounds of all ways alternate,
 * so that each meets the same noise. Bytes are bytes: text is encoded as a log would have to.
 */
const ROUNDS = 200;
const ROWS = 1_000;

const silver = fc.sample(silverRows, { numRuns: ROWS, seed: 1 });
const gold = fc.sample(featureRows(features), { numRuns: ROWS, seed: 1 });
const movers = fc.sample(moverRows(moverFeatures), { numRuns: ROWS, seed: 1 });
const rows = rowsWith(new MemoryRegistry());
const writers = { JSON: jsonWriter, Avro: await rows.writer() };

const bytes = (value: Bytes): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);

function waysOf(name: string, writer: RowWriter, reader: RowFormat): Readonly<Record<string, () => number>> {
  const written = {
    silver: silver.map((row) => bytes(writer.silver(row.coinId, row, row.final))),
    features: gold.map((row) => bytes(writer.features(row))),
    movers: movers.map((row) => bytes(writer.mover(row))),
  };
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const parsed = (table: 'features' | 'movers') => () =>
    sum(written[table].map((value) => Object.keys(JSON.parse(reader.json(table, value).toString()) as object).length));
  return {
    [`${name}: write prices_hourly`]: () =>
      sum(silver.map((row) => bytes(writer.silver(row.coinId, row, row.final)).length)),
    [`${name}: write features_hourly`]: () => sum(gold.map((row) => bytes(writer.features(row)).length)),
    [`${name}: write top_movers_24h`]: () => sum(movers.map((row) => bytes(writer.mover(row)).length)),
    [`${name}: read prices_hourly, to recover`]: () =>
      written.silver.filter((value) => reader.silver(value).ts !== 1).length,
    [`${name}: read features_hourly, to show`]: parsed('features'),
    [`${name}: read top_movers_24h, to show`]: parsed('movers'),
  };
}

const ways = Object.entries(writers).flatMap(([name, writer]) => Object.entries(waysOf(name, writer, rows)));
const rounds = ways.map(([name, run]) => ({ name, run, ns: [] as number[], last: 0 }));
for (let round = 0; round < ROUNDS; round++)
  for (const each of rounds) {
    const start = process.hrtime.bigint();
    each.last = each.run();
    each.ns.push(Number(process.hrtime.bigint() - start) / ROWS);
  }
process.stdout.write(`${ROWS} rows of each table, medians of ${ROUNDS} rounds\n`);
for (const { name, ns, last } of rounds) {
  const size = name.includes('write') ? `${(last / ROWS).toFixed(0).padStart(4)} bytes` : '';
  process.stdout.write(
    `${name.padEnd(44)} ${median(ns.slice(ROUNDS / 10))
      .toFixed(0)
      .padStart(6)} ns  ${size}\n`,
  );
}
