import { describe, expect, it } from 'vitest';
import { DeltaTable } from '../../../../src/streams/5-lake/delta/delta-table.ts';
import type { Row } from '../../../../src/streams/5-lake/parquet/column.ts';
import type { BronzeBatch } from '../../../../src/streams/5-lake/source/bronze-batches.ts';
import { BronzeSource } from '../../../../src/streams/5-lake/source/bronze-source.ts';
import { coalesceBronze } from '../../../../src/streams/5-lake/upkeep/coalesce.ts';
import { vacuum } from '../../../../src/streams/5-lake/upkeep/vacuum.ts';
import { BronzeFiles, LOG, TOPIC } from '../../../support/lake/bronze-files.ts';
import { bronzeRow, readAll } from '../../../support/lake/bronze-rows.ts';

const HOUR_MS = 3_600_000;
const at = { topic: TOPIC, partition: 0 };

const origin = (log: string, topicId?: string) => ({ log, topicId });

const rows = (partition: number, from: number, to: number, more: Row = {}): readonly Row[] =>
  Array.from({ length: to - from }, (_, index) => bronzeRow(partition, from + index, more));

const offsets = ({ records }: { readonly records: readonly Readonly<Record<string, unknown>>[] }) =>
  records.map(({ offset }) => offset);

const upTo = (end: number): readonly number[] => Array.from({ length: end }, (_, offset) => offset);

async function opened(files: BronzeFiles): Promise<BronzeSource> {
  const source = await BronzeSource.open(files.options, origin(LOG));
  if (source === undefined) throw new Error('there is no table');
  return source;
}

/** Text that does not get smaller: what is read of it is seen by the bytes. */
const longText = (row: Row): Row => ({
  ...row,
  raw: Array.from({ length: 150 }, (_, index) => (Number(row.offset) * 7919 + index ** 3).toString(36)).join(''),
});

describe('reading Bronze back', () => {
  it('stays at the version that was opened while others append, coalesce and vacuum', async () => {
    const files = await BronzeFiles.create();
    for (let file = 0; file < 4; file++) await files.add(rows(0, file * 10, file * 10 + 10));
    await files.reach(40);
    const source = await opened(files);
    await files.add(rows(0, 40, 50));
    await files.reach(50);
    const table = await DeltaTable.open(files.options);
    expect(await coalesceBronze(table)).toEqual({ from: 5, into: 1 });
    files.now += HOUR_MS / 2;
    await vacuum(table);
    expect(source.end(at)).toBe(40);
    expect(offsets(await readAll(source.read(at, 0, 40), 0))).toEqual(upTo(40));
    const newer = await opened(files);
    expect(newer.version).toBeGreaterThan(source.version);
    expect(offsets(await readAll(newer.read(at, 0, 50), 0))).toEqual(upTo(50));
  });

  it('says so where a file of its version has been vacuumed, and where one is missing', async () => {
    const files = await BronzeFiles.create();
    for (let file = 0; file < 2; file++) await files.add(rows(0, file * 10, file * 10 + 10));
    await files.reach(20);
    const source = await opened(files);
    const table = await DeltaTable.open(files.options);
    await coalesceBronze(table);
    files.now += HOUR_MS;
    await vacuum(table);
    const vacuumed = /markets_snapshot\/ingest_date=.*\.parquet of version 3 was vacuumed .*: read on from version 4$/;
    await expect(readAll(source.read(at, 0, 20), 0)).rejects.toMatchObject({
      ...{ code: 'version-vacuumed', message: expect.stringMatching(vacuumed) as string },
    });
    const [live = ''] = table.snapshot.files.keys();
    await files.options.disk.disk.remove(`${files.options.folder}/${decodeURIComponent(live)}`);
    await expect(readAll((await opened(files)).read(at, 0, 20), 0)).rejects.toMatchObject({
      ...{ code: 'table-corrupt', message: expect.stringMatching(/\.parquet is missing/) as string },
    });
  });

  it('refuses an offset that lies in the table twice, in one file or in two', async () => {
    const files = await BronzeFiles.create();
    const first = await files.add(rows(0, 0, 10));
    const second = await files.add(rows(0, 9, 12));
    await files.reach(12);
    const doubled = (where: RegExp) => ({
      code: 'table-corrupt',
      message: expect.stringMatching(where) as string,
    });
    const source = await opened(files);
    await expect(readAll(source.read(at, 0, 12), 0)).rejects.toMatchObject(
      doubled(new RegExp(`^offset 9 of quotes\\[0\\] lies in .*(${first}|${second}) and in .*(${first}|${second})`)),
    );
    expect(offsets(await readAll(source.read(at, 0, 9), 0))).toEqual(upTo(9));
    await files.add([...rows(1, 3, 5), ...rows(1, 4, 6)]);
    await files.reach(12, 6);
    await expect(readAll((await opened(files)).read({ ...at, partition: 1 }, 0, 6), 0)).rejects.toMatchObject(
      doubled(/^offset 4 of quotes\[1\] lies in .* once more$/),
    );
  });

  it('reports what the table has no row of, before, between and after its rows', async () => {
    const files = await BronzeFiles.create();
    await files.add([...rows(0, 3, 5), ...rows(0, 6, 8), ...rows(1, 0, 1)]);
    await files.reach(10, 1);
    const source = await opened(files);
    const all = await readAll(source.read(at, 1, 10), 1);
    expect(offsets(all)).toEqual([3, 4, 6, 7]);
    expect(all.gaps).toEqual([
      [1, 3],
      [5, 6],
      [8, 10],
    ]);
    expect((await readAll(source.read(at, 8, 10), 8)).gaps).toEqual([[8, 10]]);
    await files.add([...rows(0, 20, 4_000), ...rows(0, 4_001, 9_000)]);
    await files.reach(9_000);
    const long = await readAll((await opened(files)).read(at, 19, 9_000), 19);
    expect(long).toMatchObject({
      gaps: [
        [19, 20],
        [4_000, 4_001],
      ],
      next: 9_000,
    });
    expect(await readAll(source.read(at, 5, 5), 5)).toEqual({ records: [], gaps: [], next: 5 });
  });

  it('refuses what the table has not come to, rows of another log or topic; and finds no table where there is none', async () => {
    const files = await BronzeFiles.create();
    const empty = await opened(files);
    expect(empty.end(at)).toBeUndefined();
    const beyond = { code: 'offset-out-of-range' };
    await expect(readAll(empty.read(at, 0, 1), 0)).rejects.toMatchObject(beyond);
    await files.add(rows(0, 0, 5));
    await files.reach(5);
    await expect(readAll((await opened(files)).read(at, 0, 6), 0)).rejects.toMatchObject(beyond);
    await files.add(rows(0, 5, 6, { topic: 'others' }));
    await files.reach(6);
    await expect(readAll((await opened(files)).read(at, 0, 6), 0)).rejects.toMatchObject({ code: 'table-mismatch' });
    await expect(BronzeSource.open(files.options, origin('another log'))).rejects.toMatchObject({
      code: 'table-mismatch',
    });
    const nowhere = { ...files.options, folder: '/lake/nowhere' };
    expect(await BronzeSource.open(nowhere, origin(LOG))).toBeUndefined();
  });

  it('opens the files that hold wanted offsets alone, each when its turn comes', async () => {
    const files = await BronzeFiles.create();
    const paths: string[] = [];
    for (let file = 0; file < 6; file++) paths.push(await files.add(rows(0, file * 5_000, file * 5_000 + 5_000)));
    paths.push(await files.add(rows(1, 5_000, 5_010)));
    await files.reach(30_000, 5_010);
    const source = await opened(files);
    const batches = source.read(at, 5_000, 20_000);
    const readSoFar = () => {
      const found = files.reads.filter(({ path }) => !path.includes('_delta_log'));
      return [...new Set(found.map(({ path }) => paths.findIndex((one) => path.endsWith(one))))];
    };
    expect(readSoFar()).toEqual([]);
    await batches.next();
    expect(readSoFar()).toEqual([1]);
    let last: BronzeBatch | undefined;
    for await (const batch of batches) {
      last = batch;
      if (batch.nextOffset <= 10_000) expect(readSoFar()).toEqual([1]);
    }
    expect(last?.nextOffset).toBe(20_000);
    expect(readSoFar()).toEqual([1, 2, 3]);
  });

  it('reads values when their turn comes, though another partition in the same row groups is far behind', async () => {
    const files = await BronzeFiles.create();
    const [count, fast, slow] = [6, 2_000, 20];
    for (let file = 0; file < count; file++) {
      // By its extremes alone, each of these row groups might hold any offset from the slow one's on.
      const mixed = rows(0, file * fast, (file + 1) * fast).flatMap((row, index) =>
        index % 100 === 0 ? [row, bronzeRow(1, file * slow + index / 100)] : [row],
      );
      await files.add(mixed.map(longText), 500);
    }
    await files.reach(count * fast, count * slow);
    const source = await opened(files);
    const whole = await bytesReadBy(files, source, { ...at, partition: 0 }, count * fast);
    const bytes = whole.at(-1) ?? 0;
    expect(bytes).toBeGreaterThan(count * fast * 700);
    for (const [batch, soFar] of whole.entries()) expect(soFar).toBeLessThan(((batch + 2.5) * bytes) / count);
    expect(await bytesReadBy(files, source, { ...at, partition: 1 }, count * slow)).toHaveLength(1);
  });
});

/** How much has been read when each batch comes. */
async function bytesReadBy(
  files: BronzeFiles,
  source: BronzeSource,
  from: { readonly topic: string; readonly partition: number },
  to: number,
): Promise<readonly number[]> {
  files.reads.length = 0;
  const read: number[] = [];
  for await (const batch of source.read(from, 0, to)) {
    expect(batch.gaps).toEqual([]);
    read.push(files.reads.reduce((sum, { bytes }) => sum + bytes, 0));
  }
  return read;
}
