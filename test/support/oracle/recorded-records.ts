import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { SourceRecord } from './source-record.ts';

const element = z.looseObject({
  id: z.string().optional(),
  last_updated: z.string().nullish(),
  observed_at: z.string().optional(),
});

/**
 * A recorded file as the records that an ingest of it makes: NDJSON, one `/coins/markets` element a line, or a JSON array
 * as CoinGecko returns it; plain, or gzip where the name ends in `.gz`. `observed_at` of an element becomes the header;
 * where absent, its event time does.
 */
export function recordedRecords(file: string): readonly SourceRecord[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.trimStart().startsWith('[')
    ? z
        .array(z.unknown())
        .parse(JSON.parse(text))
        .map((each) => JSON.stringify(each))
    : text.split('\n').filter((line) => line.trim() !== '');
  return lines.map(recordOf);
}

/** A line of a recorded file as the record that an ingest makes of it. */
export function recordOf(line: string): SourceRecord {
  const { id, last_updated: updated, observed_at: observed } = element.parse(JSON.parse(line));
  const at = observed ?? updated ?? undefined;
  return {
    key: id === undefined ? null : Buffer.from(id),
    value: Buffer.from(line),
    headers: { source: 'recorded', ...(at === undefined ? {} : { observed_at: at }) },
    timestamp: 0,
  };
}
