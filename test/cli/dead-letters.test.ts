import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PrintedRecord, pulse, readTopic, temporaryFolder } from '../support/pulse.ts';

const QUOTE = {
  id: 'bitcoin',
  symbol: 'btc',
  current_price: 41_000.5,
  market_cap: null,
  total_volume: 0,
  last_updated: '2023-12-05T10:15:00.000Z',
};

const quote = (change: object): string => JSON.stringify({ ...QUOTE, ...change });
const notUtf8 = Buffer.concat([Buffer.from('{"id":"a'), Buffer.from([0xc3, 0x28]), Buffer.from('"')]);
const tooLong = quote({ id: 'long', name: 'x'.repeat(1_000_000) });

/** Lines that can't be used, and why. */
const bad: readonly (readonly [line: string | Buffer, reason: string])[] = [
  ['bitcoin,41000.5', 'not-json'],
  [quote({}).slice(0, -10), 'not-json'],
  [notUtf8, 'not-json'],
  [tooLong, 'not-json'],
  ['["bitcoin"]', 'not-an-object'],
  ['"bitcoin"', 'not-an-object'],
  ['42.50', 'not-an-object'],
  ['null', 'not-an-object'],
  [quote({ id: undefined }), 'no-id'],
  [quote({ id: 7 }), 'no-id'],
  [quote({ id: '' }), 'no-id'],
  [quote({ id: 'é'.repeat(200) }), 'bad-id'],
  [quote({ id: '__HIVE_DEFAULT_PARTITION__' }), 'bad-id'],
  [String.raw`{"id":"\ud800","current_price":1,"last_updated":"2023-12-05T10:15:00.000Z"}`, 'bad-id'],
  [quote({ last_updated: 'yesterday' }), 'bad-date'],
  [quote({ last_updated: '2023-02-30T00:00:00Z' }), 'bad-date'],
  [quote({ last_updated: 1_701_771_300 }), 'bad-date'],
  [quote({ last_updated: '2023-12-05T10:25:00.000Z', observed_at: '2023-12-05T10:19:00.000Z' }), 'future'],
  [quote({ current_price: 0 }), 'bad-price'],
  [quote({ current_price: -1 }), 'bad-price'],
  [quote({ current_price: '41000.5' }), 'bad-price'],
  [quote({}).replace('41000.5', '1e400'), 'bad-price'],
];
const noQuotes = [quote({ current_price: null }), quote({ last_updated: null }), quote({ last_updated: undefined })];
const ticks = [quote({}), quote({ last_updated: '2023-12-05T10:20:00Z', observed_at: '2023-12-05T10:15:00Z' })];

interface Printed extends PrintedRecord {
  readonly value_base64?: string;
}

describe('lines that can’t be used', () => {
  it('are dead letters with their bytes, why, and where from; every record in is accounted for', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    const file = join(env.PULSE_DATA_DIR, 'mixed.ndjson');
    const lines = [...noQuotes, ...bad.map(([line]) => line), ...ticks];
    writeFileSync(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
    const ingest = await pulse(['ingest', '--source', 'recorded', '--file', file], env);
    expect(ingest.code).toBe(0);
    expect(ingest.stderr).toMatch(
      /mixed.ndjson: 1 quotes longer than 1000000 bytes were published cut off, and will be/,
    );
    expect(ingest.stderr).toMatch(new RegExp(`mixed.ndjson: all ${lines.length} quotes are in\n$`));
    const processed = await pulse(['process', '--until-caught-up'], env);
    expect(processed).toMatchObject({
      code: 0,
      stderr: `${lines.length} records in = ${ticks.length} ticks + ${noQuotes.length} without a quote + ${bad.length} dead letters\n`,
    });

    const letters = await readTopic('pulse.dead_letters', [], env);
    const sources = new Map((await readTopic('coingecko.markets', [], env)).map((record) => [placeOf(record), record]));
    expect(letters).toHaveLength(bad.length);
    for (const letter of letters as readonly Printed[]) {
      const { topic, partition, offset, reason, error, ...own } = letter.headers;
      const source = sources.get(`${topic}|${partition}|${offset}`);
      expect(letter).toMatchObject({ key: source?.key, value: source?.value });
      expect(own).toEqual(source?.headers);
      expect(reason).toMatch(/^[a-z-]+$/);
      expect(error).toMatch(/^.{10,200}$/);
    }
    const found = (letters as readonly Printed[]).map((letter) => [textOf(letter), letter.headers.reason]);
    const wanted = bad.map(([line, reason]) => [line === tooLong ? 'cut off' : textOfLine(line), reason]);
    expect(found.toSorted(byText)).toEqual(wanted.toSorted(byText));
    const broken = (letters as readonly Printed[]).filter(({ value_base64: bytes }) => bytes !== undefined);
    expect(broken.map(({ value_base64: bytes }) => Buffer.from(bytes ?? '', 'base64'))).toEqual([notUtf8]);
  });
});

const placeOf = ({ topic, partition, offset }: PrintedRecord): string => `${topic}|${partition}|${offset}`;

/** The value's text: what is JSON was printed as it is, so a program may read it either way. */
function textOf({ value }: Printed): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 900_000 ? 'cut off' : text;
}

/** The text that a line is printed as, read back. */
function textOfLine(line: string | Buffer): string {
  const text = line.toString();
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return text;
  }
}

const byText = ([a = '']: readonly (string | undefined)[], [b = '']: readonly (string | undefined)[]): number =>
  a < b ? -1 : a > b ? 1 : 0;
