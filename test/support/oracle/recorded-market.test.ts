import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { oracleTables } from './oracle-tables.ts';
import { recordedRecords } from './recorded-records.ts';

const file = 'data/sample/market-2023-12.ndjson.gz';
const line = z.object({ id: z.string(), current_price: z.number(), last_updated: z.string() });

/** The candles that the recording was made of: open at :00:00, the extremes at :20 and :40, close at :59:59. */
function candles(): Map<string, Record<string, number>> {
  const found = new Map<string, Record<string, number>>();
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  for (const { id, current_price: price, last_updated: at } of lines.map((text) => line.parse(JSON.parse(text)))) {
    const key = `${id}|${at.slice(0, 13)}:00:00.000Z`;
    found.set(key, { ...found.get(key), [at.slice(14, 19)]: price });
  }
  return found;
}

it("the recorded market's hours are the candles that it was made of", () => {
  const { silver, features, movers, counts } = oracleTables(recordedRecords(file));
  expect(counts).toEqual({ ticks: 40_320, noQuote: 0, deadLetters: {} });
  expect([silver.size, features.size, movers.size]).toEqual([10_080, 10_080, 30]);

  const expected = candles();
  expect(expected.size).toBe(10_080);
  for (const [key, ticks] of expected) {
    const [first = NaN, second = NaN] = [ticks['20:00'], ticks['40:00']];
    expect(silver.get(key), key).toMatchObject({
      open: ticks['00:00'],
      high: Math.max(first, second),
      low: Math.min(first, second),
      price: ticks['59:59'],
      observations: 4,
    });
  }
});
