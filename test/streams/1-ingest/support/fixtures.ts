import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = resolve(import.meta.dirname, '../../../fixtures/ingest');

/** Where a fixture lies. */
export const fixturePath = (name: string): string => join(folder, name);

/** A fixture's bytes, unpacked where its name ends in `.gz`. */
export function fixture(name: string): Buffer {
  const bytes = readFileSync(fixturePath(name));
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Two bodies of `/coins/markets`, half an hour apart, of the 100 largest coins. */
export const bodies = [
  'markets/20230320T000851Z_578288c6.json.gz',
  'markets/20230320T003800Z_00f2dda8.json.gz',
] as const;

/** The 403 that once came as a whole body of `/coins/markets`. */
export const unavailableBody = 'markets/20230330T005442Z_768b577f.json';

/** The 187 bytes of a 429. */
export const rateLimitBody =
  '{"status":{"error_code":429,"error_message":"You\'ve exceeded the Rate Limit. Please visit ' +
  'https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits."}}';
