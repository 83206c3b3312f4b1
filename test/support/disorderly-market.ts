import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './pulse.ts';

const SAMPLE = resolve('data/sample/market-2023-12.ndjson.gz');
/** 30 coins, four ticks an hour. */
const LINES_A_DAY = 2_880;

/** The recorded market, or its first days, with lines out of place, some by hours, and some twice. */
export function disorderlyMarket(random: () => number, days = 14): string {
  const market = gunzipSync(readFileSync(SAMPLE)).toString('utf8').trimEnd().split('\n');
  const lines = market.slice(0, days * LINES_A_DAY);
  const twice = lines.flatMap((line) => (random() < 0.03 ? [line, line] : [line]));
  const placed = twice.map((line, at) => ({ line, at: at + (random() < 0.1 ? random() * 2_000 : 0) }));
  const file = join(temporaryFolder(), 'disorderly.ndjson');
  writeFileSync(
    file,
    placed
      .sort((a, b) => a.at - b.at)
      .map(({ line }) => `${line}\n`)
      .join(''),
  );
  return file;
}
