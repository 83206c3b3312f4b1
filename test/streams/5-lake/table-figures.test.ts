import { expect, it } from 'vitest';
import { removal } from '../../../src/streams/5-lake/data-file.ts';
import { silverTable } from '../../../src/streams/5-lake/tables.ts';
import { tableFigures } from '../../../src/streams/5-lake/upkeep/table-figures.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { temporaryFolder } from '../../support/pulse.ts';

it('a table’s times are those of the files that tell them', async () => {
  const lake = new LakeFolder(temporaryFolder());
  const delta = await lake.addSilver('bitcoin', 3);
  const [file] = [...delta.snapshot.files.values()];
  const stats = JSON.stringify({ numRecords: 2, minValues: {}, maxValues: {} });
  const silent = { ...file!, path: 'coin_id=a/part-silent.parquet', stats };
  expect(await delta.commit([{ add: silent }], { operation: 'WRITE' })).toBe(true);
  const times = ['2023-12-01T00:00:00.000Z', '2023-12-01T02:00:00.000Z'];
  expect(tableFigures(delta.snapshot, silverTable)).toMatchObject({ rows: 5, files: 2, times });
  expect(await delta.commit([removal(file!, 0)], { operation: 'WRITE' })).toBe(true);
  expect(tableFigures(delta.snapshot, silverTable)).toMatchObject({ rows: 2, files: 1, times: undefined });
});
