import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A quote of the recorded market. */
export interface Tick {
  readonly coin: string;
  readonly at: number;
  readonly price: number;
  readonly volume: number;
}

/** The recorded market's ticks (30 coins, 2023-12-01 to 2023-12-14), by time. */
export function sampleTicks(): readonly Tick[] {
  const text = gunzipSync(readFileSync(new URL('../../../data/sample/market-2023-12.ndjson.gz', import.meta.url)));
  const lines = text.toString('utf8').trim().split('\n');
  return lines
    .map((line): Tick => {
      const quote = JSON.parse(line) as {
        id: string;
        current_price: number;
        total_volume: number;
        last_updated: string;
      };
      const { id, current_price, total_volume, last_updated } = quote;
      return { coin: id, at: Date.parse(last_updated), price: current_price, volume: total_volume };
    })
    .sort((a, b) => a.at - b.at);
}
