import { readdirSync, readFileSync } from 'node:fs';
import { FieldScanner } from '../../src/streams/json/field-scanner.ts';
import type { LogRecord } from '../../src/streams/log/record.ts';
import { createQuoteParser } from '../../src/streams/3-silver/parse-quote.ts';

const ROUNDS = 300;
const COINS = 1_000;

/**
 * Measures how fast quotes are parsed, beside what `JSON.parse` takes for the same bytes in the same run:
 * `npx tsx test/bench/parse.ts`. The rounds of all ways alternate, so that each meets the same noise.
 */
function main(): void {
  const quotes = realisticQuotes();
  const records = quotes.map(recordOf);
  const scanner = new FieldScanner(['id', 'last_updated', 'current_price', 'market_cap', 'total_volume']);
  const parse = createQuoteParser({ futureToleranceMs: 300_000 });
  const ways: Readonly<Record<string, () => number>> = {
    'JSON.parse(utf8)': () => quotes.filter((bytes) => isObject(JSON.parse(bytes.toString('utf8')))).length,
    'JSON.parse(latin1)': () => quotes.filter((bytes) => isObject(JSON.parse(bytes.toString('latin1')))).length,
    'FieldScanner.scan': () => quotes.filter((bytes) => scanner.scan(bytes) === 'object').length,
    'quote parser': () => records.filter((record) => parse(record).kind === 'tick').length,
  };
  const rounds = Object.entries(ways).map(([name, run]) => ({ name, run, ns: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run, ns } of rounds) {
      const start = process.hrtime.bigint();
      if (run() !== COINS) throw new Error(`${name} did not parse every quote.`);
      ns.push(Number(process.hrtime.bigint() - start) / COINS);
    }
  }
  report(rounds, quotes.reduce((sum, bytes) => sum + bytes.length, 0) / COINS);
}

/** Real quotes without line breaks, as many coins with other last digits: no two are equal, all are as long as real. */
function realisticQuotes(): readonly Buffer[] {
  const folder = new URL('../fixtures/quotes/', import.meta.url);
  const real = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !['recorded.json', 'error-body.json'].includes(name))
    .map((name) => readFileSync(new URL(name, folder), 'utf8').replaceAll(/\n */g, ''));
  return Array.from({ length: COINS }, (_, i) => {
    let seed = i;
    const digit = (): string => String(1 + ((seed = (seed * 31 + 7) % 9973) % 9));
    const text = (real[i % real.length] ?? '').replaceAll(/[1-9](?=[,}])/g, digit);
    return Buffer.from(text.replace(/"id": ?"/, `$&${i}-`));
  });
}

function recordOf(value: Buffer, offset: number): LogRecord {
  const headers = { observed_at: Buffer.from('2024-12-31T00:00:00.000Z') };
  return {
    offset,
    timestamp: 0,
    key: null,
    value,
    header: (name) => (name === 'observed_at' ? headers.observed_at : undefined),
    headers: () => headers,
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function report(rounds: readonly { readonly name: string; readonly ns: readonly number[] }[], bytes: number): void {
  const medians = rounds.map(({ name, ns }) => ({ name, ns: medianOf(ns.slice(ROUNDS / 10)) }));
  const baseline = medians[0]?.ns ?? NaN;
  process.stdout.write(`${COINS} quotes of ${bytes.toFixed(0)} bytes, medians of ${ROUNDS} rounds\n`);
  for (const { name, ns } of medians) {
    const rate = Math.round(1e9 / ns).toLocaleString('en');
    const ratio = (baseline / ns).toFixed(2);
    process.stdout.write(
      `${name.padEnd(20)} ${ns.toFixed(0).padStart(6)} ns  ${rate.padStart(10)}/s  ${ratio} x JSON.parse(utf8)\n`,
    );
  }
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

main();
