import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { asyncScheduler } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Log, TransactionalWriter } from '../../../../src/streams/log/log.ts';
import { partitionOf } from '../../../../src/streams/log/partition-of.ts';
import { recordedSource, type RecordedOptions } from '../../../../src/streams/1-ingest/recorded/recorded-source.ts';
import { bodies, fixture, fixturePath, unavailableBody } from '../support/fixtures.ts';
import { emptyLog, ingested, PARTITIONS } from '../support/ingested.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulse-recorded-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: string | Buffer): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

const options = {
  namespace: '',
  partitions: PARTITIONS,
  scheduler: asyncScheduler,
  speed: 'max',
  fastForwardMs: 0,
} as const;

/** Ingests a file into a log of its own. */
async function play(path: string, more: Partial<RecordedOptions> = {}): Promise<Awaited<ReturnType<typeof ingested>>> {
  const log = await emptyLog();
  await recordedSource({ ...options, log, path, again: false, ...more }).run(new AbortController().signal);
  return ingested(log);
}

const quote = (id: string, price: number, more: object = {}): string =>
  JSON.stringify({ id, current_price: price, last_updated: '2023-12-01T00:00:00.000Z', ...more });

const sorted = (values: readonly string[]): readonly string[] => [...values].sort();
const valuesOf = (records: Awaited<ReturnType<typeof ingested>>): readonly string[] =>
  sorted(records.map(({ value }) => value));

describe('a recorded file', () => {
  it('publishes each line of NDJSON with its bytes, under its coin, in the order of the file', async () => {
    const lines = ['{"id":"a" ,"n":1.0}', quote('b', 1), '{"n":1e2, "id":"\\u0061"}', quote('-2', 3), quote('x y', 4)];
    const records = await play(fileOf(lines.join('\n')));
    expect(valuesOf(records)).toEqual(sorted(lines));
    for (const { key, partition } of records) expect(partition).toBe(partitionOf(key ?? '', PARTITIONS));
    expect(records.filter(({ key }) => key === 'a').map(({ value }) => value)).toEqual([lines[0], lines[2]]);
  });

  it('publishes the bytes of each line though its memory is used again, and commits lag behind', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => quote(`coin-${i % 7}`, i, { pad: 'x'.repeat(i % 100) }));
    const log = await emptyLog();
    const delayed = (writer: TransactionalWriter): TransactionalWriter => ({
      id: writer.id,
      close: () => writer.close(),
      commit: (records) => setTimeout(2).then(() => writer.commit(records)),
    });
    const slow: Log = { ...log, writer: async (id) => delayed(await log.writer(id)) };
    const path = fileOf(lines.join('\n'));
    const source = recordedSource({ ...options, log: slow, path, again: false, chunkBytes: 8192 });
    await source.run(new AbortController().signal);
    expect(valuesOf(await ingested(log))).toEqual(sorted(lines));
  });

  it('takes observed_at from the line, else from the event time, and normalises it', async () => {
    const lines = [
      quote('a', 1),
      quote('b', 1, { observed_at: '2023-12-01T02:00:30+02:00' }),
      quote('c', 1, { observed_at: 'yesterday' }),
      quote('d', 1, { observed_at: 1701388800 }),
      quote('e', 1, { last_updated: null }),
      quote('f', 1, { last_updated: '2023-13-01T00:00:00Z' }),
    ];
    const records = await play(fileOf(lines.join('\n')));
    const headers: unknown = Object.fromEntries(records.map((record) => [record.key, record.headers]));
    const eventTime = { observed_at: '2023-12-01T00:00:00.000Z', source: 'recorded' };
    expect(headers).toEqual({
      a: eventTime,
      b: { observed_at: '2023-12-01T00:00:30.000Z', source: 'recorded' },
      c: eventTime,
      d: eventTime,
      e: { source: 'recorded' },
      f: { source: 'recorded' },
    });
  });

  it('publishes what is no quote under no key, with its bytes, for stage 1 to reject', async () => {
    const lines = ['not json', '{"id":""}', '{"id":7}', '[1]', 'null', '{"id":"a"', '\ufffd{}', '{"no":"id"}'];
    const records = await play(fileOf([quote('a', 1), ...lines, quote('b', 2)].join('\n')));
    expect(valuesOf(records)).toEqual(sorted([quote('a', 1), ...lines, quote('b', 2)]));
    for (const { key, value, partition } of records) {
      if (!lines.includes(value)) continue;
      expect(key).toBeNull();
      expect(partition).toBe(partitionOf(value, PARTITIONS));
    }
  });

  it.each([
    [
      'CRLF, blank lines and no final newline',
      (lines: readonly string[]) => Buffer.from(`\r\n${lines.join('\r\n\n \r\n')}`),
    ],
    ['a byte order mark', (lines: readonly string[]) => Buffer.from(`\ufeff${lines.join('\n')}\n`)],
    ['gzip', (lines: readonly string[]) => gzipSync(lines.join('\n'))],
    [
      'gzip of several members',
      (lines: readonly string[]) => Buffer.concat(lines.map((line) => gzipSync(`${line}\n`))),
    ],
    ['a JSON array', (lines: readonly string[]) => Buffer.from(` [\n${lines.join(' ,\n ')}\n]\n`)],
    ['a JSON array behind a byte order mark', (lines: readonly string[]) => Buffer.from(`\ufeff[${lines.join(',')}]`)],
    ['one JSON array a line', (lines: readonly string[]) => Buffer.from(lines.map((line) => `[${line}]`).join('\n'))],
    [
      'an array in an object',
      (lines: readonly string[]) => Buffer.from(`{"page":[1],"data":[${lines.join(',')}],"n":[2]}`),
    ],
  ])('takes %s', async (_, write) => {
    const lines = Array.from({ length: 50 }, (_, i) => quote(`coin-${i % 7}`, i + 1, { name: 'ü€🚀\u200b "]}[{\\' }));
    const path = fileOf(write(lines));
    expect(valuesOf(await play(path))).toEqual(sorted(lines));
    expect(valuesOf(await play(path, { chunkBytes: 64 }))).toEqual(sorted(lines));
  });

  it.each([
    ['in an element', '[{"id":"a"},{"id":'],
    ['behind one', '[{"id":"a"},{"id":"b"}'],
    ['behind a comma', '[{"id":"a"},'],
  ])('takes what there is of an array that breaks off %s, and says that it has no end', async (_, text) => {
    const said: string[] = [];
    const logger = { info: () => undefined, warn: (line: string) => void said.push(line) };
    const records = await play(fileOf(text), { logger });
    expect(records.map(({ value }) => value)).toContain('{"id":"a"}');
    expect(said).toEqual([expect.stringMatching(/the array has no end/)]);
    said.length = 0;
    await play(fileOf('[{"id":"a"}]\n'), { logger });
    expect(said).toEqual([]);
  });

  it('says how far it has come by the latest event time, whatever the order', async () => {
    const times = ['2023-12-01T05:00:00.000Z', '2023-12-03T01:00:00.000Z', '2023-12-02T00:00:00.000Z'];
    const reached: unknown[] = [];
    const path = fileOf(times.map((last_updated) => quote('a', 1, { last_updated })).join('\n'));
    await play(path, { onProgress: ({ event_time }) => void reached.push(event_time) });
    expect(reached.at(-1)).toBe(times[1]);
  });

  it('is not moved to a date of the future by one quote', async () => {
    const times = ['2023-12-01T05:00:00.000Z', '2099-01-01T00:00:00.000Z', '2023-12-01T06:00:00.000Z'];
    const reached: unknown[] = [];
    const path = fileOf(times.map((last_updated) => quote('a', 1, { last_updated })).join('\n'));
    await play(path, { onProgress: ({ event_time }) => void reached.push(event_time) });
    expect(reached.at(-1)).toBe(times[2]);
  });

  it.each([...bodies, 'markets/gusgoros_coins_markets_20230102.json'])('takes the body %s', async (name) => {
    const elements = JSON.parse(fixture(name).toString('utf8')) as readonly { readonly id: string }[];
    const records = await play(fixturePath(name));
    const bytes = fixture(name).toString('utf8');
    expect(records).toHaveLength(elements.length);
    for (const { key, value } of records) {
      expect(bytes).toContain(value);
      expect(JSON.parse(value)).toEqual(elements.find(({ id }) => id === key));
    }
  });

  it('takes a body that somebody wrapped into an object', async () => {
    const { data } = JSON.parse(fixture('markets/iamgnnr_coins_wrapped.json.gz').toString('utf8')) as {
      data: object[];
    };
    const records = await play(fixturePath('markets/iamgnnr_coins_wrapped.json.gz'));
    expect(records.map(({ value }) => JSON.parse(value) as object)).toEqual(expect.arrayContaining(data));
    expect(records).toHaveLength(data.length);
  });

  it.each([
    ['quotes that hold arrays of objects themselves', ['{"id":"a","x":[{"y":1}]}', '{"x":[{"y":1}],"id":"b"}']],
    ['a quote whose id comes behind an array of objects', ['{"x":[{"y":1}],"id":"b"}', '{"id":"a"}']],
    ['arrays in objects, a line each, which are no quotes', ['{"data":[{"id":"a"}]}', '{"data":[{"id":"b"}]}']],
    ['a quote alone that holds an array of objects', ['{"id":"a","x":[{"y":1}]}']],
    [
      'a malformed first line of many',
      ['{"data":[{"id":"a"},,]}', ...Array.from({ length: 2000 }, (_, i) => quote(`c-${i}`, i))],
    ],
    ['a malformed first line', ['{"data":[{"id":"a"}],,}', '{"id":"b"}']],
    ['a first line that breaks off', ['{"data":[{"id":"a"}', '{"id":"b"}']],
  ])('takes for lines %s', async (_, lines) => {
    expect(valuesOf(await play(fileOf(lines.join('\n'))))).toEqual(sorted(lines));
  });

  it('publishes what follows an array in an object, too', async () => {
    const quotes = Array.from({ length: 2000 }, (_, i) => quote(`coin-${i}`, 1));
    const path = fileOf(`{"data":[${quotes.join(',')}],"n":{"a":["]}"]}}\n{"id":"after"}\n`);
    expect(valuesOf(await play(path, { chunkBytes: 1000 }))).toEqual(sorted([...quotes, '{"id":"after"}']));
  });

  it('publishes the elements of an array that breaks off, and what is left of the last', async () => {
    const records = await play(fileOf(`[${quote('a', 1)},{"id":"b","cur`));
    expect(valuesOf(records)).toEqual(sorted([quote('a', 1), '{"id":"b","cur']));
  });

  it('publishes a line that is too long cut off, says so, and goes on', async () => {
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
    const lines = [quote('a', 1), quote('b', 1, { name: 'x'.repeat(5000) }), quote('c', 1)];
    const records = await play(fileOf(lines.join('\n')), { quoteLimitBytes: 1000, logger });
    expect(valuesOf(records)).toEqual(sorted([lines[0]!, lines[1]!.slice(0, 1000), lines[2]!]));
    expect(warnings.join()).toContain('1 quotes longer than 1000 bytes');
  });

  it('publishes nothing of an empty file', async () => {
    expect(await play(fileOf(''))).toEqual([]);
    expect(await play(fileOf(gzipSync('')))).toEqual([]);
    expect(await play(fileOf('[]'))).toEqual([]);
  });
});

describe('a file that is no recording', () => {
  it.each([
    ['holds the error of CoinGecko', fixture(unavailableBody), 'This endpoint is temporarily unavailable'],
    ['spreads an object over lines', '{\n "id": "a"\n}\n{\n "id": "b"\n}\n', 'one quote a line'],
    ['is UTF-16', Buffer.from('\ufeff{"id":"a"}', 'utf16le'), 'UTF-16'],
    ['is a zip archive', Buffer.from('504b03040a', 'hex'), 'zip'],
    ['is compressed with zstd', Buffer.from('28b52ffd00', 'hex'), 'zstd'],
  ])('is refused with the reason when it %s', async (_, content, reason) => {
    await expect(play(fileOf(content))).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('is refused when it is not there or is a folder', async () => {
    await expect(play(join(folder, 'absent'))).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(play(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('is published as far as it goes when its gzip breaks off', async () => {
    const log = await emptyLog();
    const lines = Array.from({ length: 20_000 }, (_, i) => quote(`coin-${i % 97}`, i + 1));
    const path = fileOf(gzipSync(lines.join('\n')).subarray(0, -2000));
    const source = recordedSource({ ...options, log, path, again: false, chunkBytes: 16 << 10 });
    await expect(source.run(new AbortController().signal)).rejects.toMatchObject({ code: 'file-unreadable' });
    const values = (await ingested(log)).map(({ value }) => value);
    expect(values.length).toBeGreaterThan(10_000);
    expect(new Set(values)).toEqual(new Set(lines.slice(0, values.length)));
  });
});
