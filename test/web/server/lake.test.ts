import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lake } from '../../../src/web/contract.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { until, WebHarness } from '../../support/web/web-harness.ts';

const HREF = '/api/lake/downloads/prices_hourly.parquet';

let harness: WebHarness;
let lake: LakeFolder;
let url: string;
beforeEach(async () => {
  harness = await WebHarness.create();
  lake = new LakeFolder(harness.folder());
  ({ url } = await harness.serve({ lake: lake.reader() }));
});
afterEach(() => harness.close());

const read = async (): Promise<Lake> => (await (await fetch(`${url}/api/lake`)).json()) as Lake;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const download = async (headers: Record<string, string> = {}) => {
  const response = await fetch(url + HREF, { headers });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
};

/** A download that nobody reads on with. */
const begin = (path = HREF): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // Not kept alive: each has a connection of its own. The path goes as it is; of a URL the dots would be resolved.
    httpGet({ hostname, port, path, agent: false }, resolve).on('error', reject);
  });
const rest = async (response: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

describe('what the lake holds', () => {
  it('is nothing, and each table is named, before anybody has written', async () => {
    const { tables, downloads } = await read();
    expect(downloads).toEqual([]);
    expect(tables.map(({ name, kind, version, rows, from }) => ({ name, kind, version, rows, from }))).toEqual([
      { name: 'bronze/markets_snapshot', kind: 'append', version: null, rows: 0, from: null },
      { name: 'silver/prices_hourly', kind: 'upsert', version: null, rows: 0, from: null },
      { name: 'gold/features_hourly', kind: 'upsert', version: null, rows: 0, from: null },
      { name: 'gold/top_movers_24h', kind: 'overwrite', version: null, rows: 0, from: null },
    ]);
  });

  it.each([
    ['fewer', 1],
    ['as many', 3],
    ['more', 5],
  ])('is what is there now, where the namespace was reset, and the table has %s versions again', async (_, again) => {
    for (let file = 0; file < 3; file++) await lake.addSilver(`coin ${file}`, 30);
    expect((await read()).tables[1]).toMatchObject({ version: 3, rows: 90 });
    rmSync(join(lake.path, 'silver'), { recursive: true });
    expect((await read()).tables[1]).toMatchObject({ version: null, rows: 0 });
    for (let file = 0; file < 3; file++) await lake.addSilver(`coin ${file}`, 30);
    await read();
    rmSync(join(lake.path, 'silver'), { recursive: true });
    for (let file = 0; file < again; file++) await lake.addSilver(`coin ${file}`, 7);
    const { tables, problems } = await read();
    expect(tables[1]).toMatchObject({ version: again, rows: again * 7, files: again });
    expect(problems).toEqual([]);
  });

  it('is told but for what can’t be read, which is named', async () => {
    await lake.addSilver('bitcoin', 30);
    await lake.exportSilver();
    writeFileSync(join(lake.path, 'gold_parquet', 'prices_hourly.parquet'), 'junk');
    writeFileSync(join(lake.path, 'silver/prices_hourly/_delta_log/00000000000000000002.json'), '{"junk');
    const { tables, downloads, problems } = await read();
    expect(tables.map(({ name }) => name)).not.toContain('silver/prices_hourly');
    expect(tables).toHaveLength(3);
    expect(downloads.map(({ name }) => name)).not.toContain('prices_hourly.parquet');
    expect(problems.map(({ name }) => name)).toEqual(['silver/prices_hourly', 'gold_parquet/prices_hourly.parquet']);
    expect(problems[0]?.message).toContain('is no action');
    expect(problems[1]?.message).toContain('pulse lake export');
  });

  it('is what the log of each table says, now and after the next commit', async () => {
    await lake.addSilver('bitcoin', 30);
    const silver = async () => (await read()).tables.find(({ name }) => name === 'silver/prices_hourly');
    expect(await silver()).toMatchObject({
      ...{ version: 1, files: 1, rows: 30, updatedAt: lake.now },
      ...{ from: Date.UTC(2023, 11, 1), to: Date.UTC(2023, 11, 2, 5) },
    });
    lake.now += 5_000;
    const delta = await lake.addSilver('a b', 40);
    const found = await silver();
    expect(found).toMatchObject({ version: 2, files: 2, rows: 70, to: Date.UTC(2023, 11, 2, 15), updatedAt: lake.now });
    expect(found?.bytes).toBe([...delta.snapshot.files.values()].reduce((sum, { size }) => sum + size, 0));
    expect(found?.columns.slice(0, 3)).toEqual([
      { name: 'coin_id', type: 'string' },
      { name: 'ts', type: 'timestamp' },
      { name: 'price', type: 'double' },
    ]);
    expect(found?.columns.at(-1)).toEqual({ name: 'final', type: 'boolean' });
  });

  it('has a table again when it can be read again', async () => {
    await lake.addSilver('bitcoin', 3);
    const commit = join(lake.path, 'silver/prices_hourly/_delta_log/00000000000000000001.json');
    const whole = readFileSync(commit);
    writeFileSync(commit, 'torn');
    expect((await read()).problems).toMatchObject([{ name: 'silver/prices_hourly' }]);
    writeFileSync(commit, whole);
    expect((await read()).tables[1]).toMatchObject({ version: 1, rows: 3 });
  });
});

describe('a download', () => {
  it('is the file, byte for byte, with its digest and its figures', async () => {
    await lake.addSilver('bitcoin', 30);
    await lake.addSilver('a b', 40);
    const path = await lake.exportSilver();
    const { downloads } = await read();
    const { response, bytes } = await download();
    expect(Buffer.from(bytes).equals(readFileSync(path))).toBe(true);
    expect(downloads).toMatchObject([
      {
        ...{ name: 'prices_hourly.parquet', href: HREF, rows: 70, bytes: bytes.length, sha256: sha256(bytes) },
        ...{ from: Date.UTC(2023, 11, 1), to: Date.UTC(2023, 11, 2, 15) },
      },
    ]);
    expect(downloads[0]?.columns).toEqual((await read()).tables[1]?.columns);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(bytes.length),
      'content-type': 'application/vnd.apache.parquet',
      'content-disposition': 'attachment; filename="prices_hourly.parquet"',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256(bytes)}"`,
    });
  });

  it('is not sent again to who has it, nor to who asks for its head', async () => {
    await lake.addSilver('bitcoin', 30);
    await lake.exportSilver();
    const { response } = await download();
    const etag = response.headers.get('etag') ?? '';
    const again = await download({ 'if-none-match': `"other", W/${etag}` });
    expect([again.response.status, again.bytes.length]).toEqual([304, 0]);
    expect((await download({ 'if-none-match': '"other"' })).response.status).toBe(200);
    const head = await fetch(url + HREF, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);
    expect(head.headers.get('content-length')).toBe(response.headers.get('content-length'));
  });

  it.each([
    ['the first bytes', 'bytes=0-3', 0, 4],
    ['from a byte on', 'bytes=100-', 100, undefined],
    ['the last bytes, as a reader of Parquet begins', 'bytes=-8', -8, undefined],
    ['more than there is', 'bytes=4-999999999', 4, undefined],
    ['two that are one', 'bytes=0-9,10-19', 0, 20],
  ])('is sent in part: %s', async (_, range, from, to) => {
    await lake.addSilver('bitcoin', 30);
    const whole = readFileSync(await lake.exportSilver());
    const { response, bytes } = await download({ range });
    const wanted = whole.subarray(from, to);
    expect(response.status).toBe(206);
    expect(Buffer.from(bytes).equals(wanted)).toBe(true);
    const first = whole.length - whole.subarray(from).length;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(wanted.length),
      'content-range': `bytes ${first}-${first + wanted.length - 1}/${whole.length}`,
      etag: `"${sha256(whole)}"`,
    });
  });

  it('is whole where no range is asked for that can be answered alone, or one of another file', async () => {
    await lake.addSilver('bitcoin', 30);
    const whole = readFileSync(await lake.exportSilver());
    const tag = `"${sha256(whole)}"`;
    const asked = async (headers: Record<string, string>): Promise<readonly [number, number]> => {
      const { response, bytes } = await download(headers);
      return [response.status, bytes.length];
    };
    const date = (await download()).response.headers.get('last-modified') ?? '';
    const all = [200, whole.length];
    for (const range of ['bytes=0-1,50-60', 'rows=0-1', 'bytes']) expect(await asked({ range }), range).toEqual(all);
    for (const ifRange of ['"other"', `W/${tag}`, 'Thu, 01 Jan 1970 00:00:00 GMT'])
      expect(await asked({ range: 'bytes=0-1', 'if-range': ifRange }), ifRange).toEqual(
        ifRange === '' ? [206, 2] : all,
      );
    for (const ifRange of [tag, date])
      expect(await asked({ range: 'bytes=0-1', 'if-range': ifRange }), ifRange).toEqual([206, 2]);
    const head = await fetch(url + HREF, { method: 'HEAD', headers: { range: 'bytes=0-1' } });
    expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
      ...[200, String(whole.length)],
      'bytes',
    ]);
  });

  it('has no bytes behind its end, and says how many it has', async () => {
    await lake.addSilver('bitcoin', 30);
    const { length } = readFileSync(await lake.exportSilver());
    for (const range of [`bytes=${length}-`, 'bytes=-0', 'bytes=a-b']) {
      const { response } = await download({ range });
      expect([response.status, response.headers.get('content-range')], range).toEqual([416, `bytes */${length}`]);
    }
  });

  it('that is replaced on its way is whole and the old one; the next is the new one', async () => {
    const path = lake.placeLargeCopy();
    const before = readFileSync(path);
    await until(async () => typeof (await read()).downloads[0]?.sha256 === 'string', 'the digest is known');
    const response = await begin();
    await lake.addSilver('tether', 1_000);
    await lake.exportSilver();
    const after = readFileSync(path);
    expect(after.equals(before)).toBe(false);
    const bytes = await rest(response);
    expect(sha256(bytes)).toBe(sha256(before));
    expect(response.headers.etag).toBe(`"${sha256(before)}"`);
    const next = await download();
    expect(sha256(next.bytes)).toBe(sha256(after));
    expect(next.response.headers.get('etag')).toBe(`"${sha256(after)}"`);
  });

  it('has a digest of its own where the export left none, or another copy’s', async () => {
    await lake.addSilver('bitcoin', 30);
    const path = await lake.exportSilver();
    const of = (await read()).downloads[0]?.sha256 ?? '';
    const left = readFileSync(`${path}.sha256`, 'utf8');
    expect(left.split('\n')[1]).toBe(`${of}  prices_hourly.parquet`);
    const other = await lake.exportSilver();
    writeFileSync(`${path}.sha256`, left);
    const known = async (): Promise<string | null | undefined> => (await read()).downloads[0]?.sha256;
    expect(await known()).not.toBe(of);
    await until(async () => typeof (await known()) === 'string', 'the digest is known');
    expect(await known()).toBe(sha256(readFileSync(other)));
    rmSync(`${path}.sha256`);
    writeFileSync(path, readFileSync(path));
    await until(async () => typeof (await known()) === 'string', 'the digest is known');
    expect((await download()).response.headers.get('etag')).toBe(`"${sha256(readFileSync(path))}"`);
  });

  it.each([
    'prices_hourly',
    'prices_hourly.parquet.sha256',
    'features_hourly.parquet',
    '../gold_parquet/prices_hourly.parquet',
    '..%2fgold_parquet%2fprices_hourly.parquet',
    '../silver/prices_hourly/_delta_log/00000000000000000000.json',
    '%2e%2e/prices_hourly.parquet',
    'prices_hourly.parquet/',
    'prices_hourly.parquet%00',
    '/etc/passwd',
    '',
  ])('is a file that /api/lake names, and nothing else: %j', async (name) => {
    await lake.addSilver('bitcoin', 30);
    await lake.exportSilver();
    const response = await begin(`/api/lake/downloads/${name}`);
    expect(response.statusCode).toBe(404);
    expect(JSON.parse(Buffer.from(await rest(response)).toString())).toMatchObject({
      error: { code: 'no-such-download' },
    });
  });

  it('is refused while too many are under way, and not when they have gone', async () => {
    lake.placeLargeCopy();
    const stalled = await Promise.all(Array.from({ length: 32 }, () => begin()));
    const refused = await begin();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    for (const response of [refused, ...stalled]) response.destroy();
    await until(async () => (await fetch(url + HREF, { method: 'HEAD' })).status === 200, 'there is room again');
    expect(harness.warnings).toEqual([]);
  });

  it('keeps no server from ending', async () => {
    lake.placeLargeCopy();
    const server = await harness.serve({ lake: lake.reader() });
    url = server.url;
    const response = await begin();
    const broken = rest(response);
    broken.catch(() => undefined);
    await server.close();
    await expect(broken).rejects.toThrow();
  });
});
