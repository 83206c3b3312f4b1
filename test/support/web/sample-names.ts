import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface SampleName {
  readonly id: string;
  readonly name: string;
  readonly symbol: string;
}

/** What the recorded market's coins are called. */
export function sampleNames(): readonly SampleName[] {
  const text = gunzipSync(readFileSync(new URL('../../../data/sample/market-2023-12.ndjson.gz', import.meta.url)));
  const names = new Map<string, SampleName>();
  for (const line of text.toString('utf8').trim().split('\n').slice(0, 200)) {
    const { id, name, symbol } = JSON.parse(line) as SampleName;
    names.set(id, { id, name, symbol });
  }
  return [...names.values()];
}
