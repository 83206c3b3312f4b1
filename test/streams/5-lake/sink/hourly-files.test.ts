import { describe, expect, it } from 'vitest';
import { DeltaTable } from '../../../../src/streams/5-lake/delta/delta-table.ts';
import { HourlyFiles } from '../../../../src/streams/5-lake/sink/hourly-files.ts';
import { LakeFolder } from '../../../support/lake/lake-folder.ts';
import { hoursBuffer, hoursTable } from '../../../support/lake/lake-world.ts';
import { temporaryFolder } from '../../../support/pulse.ts';

const hour = Date.UTC(2023, 11, 1, 5);

/** The table with one file of bitcoin that has these extremes. */
async function tableWith(extremes: { readonly minValues: object; readonly maxValues: object }): Promise<DeltaTable> {
  const lake = new LakeFolder(temporaryFolder());
  const delta = await lake.open(hoursTable);
  const stats = JSON.stringify({ numRecords: 2, ...extremes });
  const common = { partitionValues: { coin_id: 'bitcoin' }, size: 1, modificationTime: 0, dataChange: true };
  expect(await delta.commit([{ add: { path: 'a.parquet', ...common, stats } }], { operation: 'WRITE' })).toBe(true);
  return DeltaTable.open(lake.options(hoursTable));
}

describe('the live files by their hours', () => {
  it('are found by the extremes that the log has, whatever form of time another program gives them', async () => {
    const files = new HourlyFiles(
      await tableWith({
        minValues: { ts: '2023-12-01T04:00:00.000000Z' },
        maxValues: { ts: '2023-12-01T05:00:00Z' },
      }),
    );
    expect(
      [hour - 7_200_000, hour - 3_600_000, hour, hour + 3_600_000].map((ts) => files.mayHold('bitcoin', ts)),
    ).toEqual([false, true, true, false]);
    expect(files.mayHold('ether', hour)).toBe(false);
  });

  it('are refused where the log does not say which hours are in one: they would be written twice', async () => {
    for (const extremes of [
      { minValues: {}, maxValues: {} },
      { minValues: { ts: '2023-12-01T04:00:00Z' }, maxValues: {} },
    ]) {
      const delta = await tableWith(extremes);
      const files = new HourlyFiles(delta);
      expect(() => files.mayHold('bitcoin', hour)).toThrow(
        /^the log of the table does not say which hours are in a\.parquet$/,
      );
      expect(() => files.parts('bitcoin', new Map([[hour, undefined]]))).toThrow(/which hours/);
      // The record is not to blame.
      const key = Buffer.from(`bitcoin|${new Date(hour).toISOString()}`);
      const record = { offset: 0, timestamp: hour, key, value: null, header: () => undefined, headers: () => ({}) };
      expect(() => hoursBuffer(delta).take({ topic: 'hours', partition: 0 }, record)).toThrow(/^the log of the table/);
    }
  });
});
