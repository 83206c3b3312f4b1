import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDataFile } from '../../../src/streams/5-lake/data-file.ts';
import { DeltaTable } from '../../../src/streams/5-lake/delta/delta-table.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import type { Column, Row } from '../../../src/streams/5-lake/parquet/column.ts';
import { prepareTable } from '../../../src/streams/5-lake/prepare-table.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { hoursTable } from '../../support/lake/lake-world.ts';
import { tableAt } from '../../support/lake/table-at.ts';
import { temporaryFolder } from '../../support/pulse.ts';

const withColumns = (...columns: readonly Column[]): LakeTable => ({
  ...hoursTable,
  columns: [...hoursTable.columns, ...columns],
});
const feature: Column = { name: 'ret_1h', type: 'double', nullable: true };
const row = (ts: number, more: Row = {}): Row => ({ ts, price: 1, market_cap: null, n: 1, final: true, ...more });

async function prepared(lake: LakeFolder, table: LakeTable, log = 'log', topicId?: string): Promise<DeltaTable> {
  const delta = await DeltaTable.open(lake.options(table));
  await prepareTable(delta, table, { log, topicId });
  return delta;
}

async function addRow(delta: DeltaTable, table: LakeTable, one: Row): Promise<void> {
  const add = await writeDataFile(delta, table, { coin_id: 'a' }, [one]);
  expect(await delta.commit([{ add }], { operation: 'WRITE' })).toBe(true);
}

describe('a table that is prepared', () => {
  it('is made once, and left alone while its columns are the declared ones', async () => {
    const lake = new LakeFolder(temporaryFolder());
    expect((await prepared(lake, hoursTable)).snapshot.version).toBe(0);
    const { snapshot } = await prepared(lake, hoursTable);
    expect(snapshot.version).toBe(0);
    expect(snapshot.metaData).toMatchObject({ name: 'hours', partitionColumns: ['coin_id'] });
  });

  it('gains a column by a metaData action; rows of before have null in it, and keep it when it goes', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await addRow(await prepared(lake, hoursTable), hoursTable, row(1));
    const wider = withColumns(feature);
    const delta = await prepared(lake, wider);
    expect(delta.snapshot.version).toBe(2);
    expect(JSON.parse(delta.snapshot.metaData?.schemaString ?? '')).toMatchObject({
      fields: [...hoursTable.columns, feature].map(({ name, type, nullable }) => ({ name, type, nullable })),
    });
    await addRow(delta, wider, row(2, { ret_1h: 0.5 }));
    const { rows } = await tableAt(lake.options(wider), wider);
    expect(rows.map(({ ts, ret_1h }) => [ts, ret_1h])).toEqual([
      [1, null],
      [2, 0.5],
    ]);
    const narrow = await prepared(lake, hoursTable);
    expect(narrow.snapshot.version).toBe(4);
    const left = await tableAt(lake.options(hoursTable), hoursTable);
    expect(left.rows.filter((one) => 'ret_1h' in one)).toEqual([]);
    expect(left.rows).toHaveLength(2);
    await prepared(lake, wider);
    const again = await tableAt(lake.options(wider), wider);
    expect(again.rows.map(({ ret_1h }) => ret_1h)).toEqual([null, 0.5]);
  });

  it('is refused where a column has another type, where it is parted otherwise, and where it is another log’s', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await prepared(lake, withColumns(feature));
    const refusals: readonly (readonly [LakeTable, string, RegExp])[] = [
      [
        withColumns({ ...feature, type: 'long' }),
        'log',
        /the column ret_1h of hours is double in the table: move the folder/,
      ],
      [{ ...withColumns(feature), partitionColumns: [] }, 'log', /the table hours has other partition columns/],
      [withColumns(feature), 'other', /the table hours holds rows of another log/],
    ];
    for (const [table, log, message] of refusals) {
      const refused = prepared(lake, table, log);
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toMatchObject({ code: 'table-mismatch' });
    }
    const { snapshot } = await DeltaTable.open(lake.options(hoursTable));
    expect(snapshot.version).toBe(0);
    // As the message says.
    rmSync(join(lake.path, 'hours'), { recursive: true });
    expect((await prepared(lake, withColumns(feature), 'other')).snapshot.version).toBe(0);
  });

  it('is of the topic that was there first, from before topics had ids, too, and is refused to any other', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const properties = async (topicId?: string) => {
      const { snapshot } = await prepared(lake, hoursTable, 'log', topicId);
      return [snapshot.version, snapshot.metaData?.configuration?.['crypto-pulse.topic']];
    };
    expect(await properties()).toEqual([0, undefined]);
    expect(await properties('one')).toEqual([1, 'one']);
    expect(await properties('one')).toEqual([1, 'one']);
    // A cluster that says no ids says nothing against it.
    expect(await properties()).toEqual([1, 'one']);
    const refused = properties('two');
    await expect(refused).rejects.toMatchObject({ code: 'table-mismatch' });
    await expect(refused).rejects.toThrow(
      'the table hours holds rows of a topic that was removed, and made anew since: move the folder hours ',
    );
    expect(await properties('one')).toEqual([1, 'one']);
  });

  it('is refused where another program made it need more of a reader', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const delta = await prepared(lake, hoursTable);
    await delta
      .commit([{ protocol: { minReaderVersion: 3, minWriterVersion: 7 } }], { operation: 'UPGRADE' })
      .catch(() => undefined);
    await expect(prepared(lake, hoursTable)).rejects.toMatchObject({ code: 'table-mismatch' });
  });
});
