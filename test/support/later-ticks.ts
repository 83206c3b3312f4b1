import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './pulse.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
const TICKS_OF_8_HOURS = 960;

/** A file of what follows the first eight hours of the recorded market, with late ticks of those hours in between. */
export function laterTicks(): string {
  const lines = gunzipSync(readFileSync(SAMPLE)).toString('utf8').split('\n').slice(0, 1_200);
  const late = lines.slice(0, TICKS_OF_8_HOURS).filter((_, at) => at % 37 === 0);
  const file = join(temporaryFolder(), 'later.ndjson');
  writeFileSync(file, [...late.map(halfPast), ...lines.slice(TICKS_OF_8_HOURS), ...late.map(atTheEnd)].join('\n'));
  return file;
}

/** A dearer quote in the middle of the same hour. */
const halfPast = (line: string): string => moved(line, 1.05, ':30:00.000Z');

/** A cheaper quote that closes the same hour. */
const atTheEnd = (line: string): string => moved(line, 0.93, ':59:59.999Z');

function moved(line: string, factor: number, minute: string): string {
  const quote = JSON.parse(line) as { current_price: number; last_updated: string };
  const { current_price: price, last_updated: at } = quote;
  return JSON.stringify({ ...quote, current_price: price * factor, last_updated: at.slice(0, 13) + minute });
}
