import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './pulse.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const HOUR_MS = 3_600_000;

/**
 * A file of what follows the recorded market: its last six hours again, a day later, and before them a late quote of each
 * coin, of five days before its end and at twice the price, which only windows of more than 72 hours still see at the end.
 */
export function nextDay(): string {
  const lines = gunzipSync(readFileSync(SAMPLE)).toString('utf8').trimEnd().split('\n');
  const quotes = lines.map((line) => JSON.parse(line) as { id: string; current_price: number; last_updated: string });
  const end = Math.max(...quotes.map(({ last_updated: at }) => Date.parse(at)));
  const last = quotes.filter(({ last_updated: at }) => Date.parse(at) > end - 6 * HOUR_MS);
  const late = [...new Map(last.map((quote) => [quote.id, quote])).values()].map((quote) => ({
    ...moved(quote, -120 * HOUR_MS),
    current_price: quote.current_price * 2,
  }));
  const file = join(temporaryFolder(), 'next-day.ndjson');
  writeFileSync(
    file,
    [...late, ...last.map((quote) => moved(quote, 24 * HOUR_MS))].map((one) => JSON.stringify(one)).join('\n'),
  );
  return file;
}

const moved = <Quote extends { readonly last_updated: string }>(quote: Quote, ms: number): Quote => ({
  ...quote,
  last_updated: new Date(Date.parse(quote.last_updated) + ms).toISOString(),
});
