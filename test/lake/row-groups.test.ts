import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskPath } from '../../src/streams/5-lake/delta/partition-path.ts';
import { LakeFolder } from '../support/lake/lake-folder.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { readScanned } from './support/read-delta.ts';

describe('row groups that DuckDB leaves out', () => {
  it('are those of a plain copy whose statistics say that nothing wanted is in them', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const coins = Array.from({ length: 20 }, (_, coin) => `coin-${String.fromCharCode(97 + coin)}`);
    for (const coin of coins) await lake.addSilver(coin, 5_000);
    const copy = await lake.exportSilver();
    const [all, coin, two, absent] = readScanned(copy, 'price', [
      'price > 0',
      "coin_id = 'coin-b'",
      "coin_id = 'coin-t' and ts >= timestamptz '2024-06-25 00:00:00Z'",
      "coin_id = 'nobody'",
    ]);
    expect(all).toEqual({ scanned: 4, groups: 4, rows: 100_000 });
    expect(coin).toEqual({ scanned: 1, groups: 4, rows: 5_000 });
    // The coin's rows begin in the one and end in the other, and both have coins of that time.
    expect(two).toEqual({ scanned: 2, groups: 4, rows: 32 });
    expect(absent).toMatchObject({ scanned: 0, rows: 0 });
  });

  it('are those of a Bronze file below and above the offsets that are wanted', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const offsets = Array.from({ length: 100_000 }, (_, offset) => offset);
    const { snapshot, options } = await lake.addBronze('2023-12-30', offsets);
    const [path = ''] = [...snapshot.files.keys()].map(diskPath);
    const [all, few, none] = readScanned(join(options.folder, path), '"partition"', [
      '"offset" >= 0',
      '"offset" between 40000 and 40010',
      '"offset" > 100000',
    ]);
    expect(all).toEqual({ scanned: 4, groups: 4, rows: 100_000 });
    expect(few).toEqual({ scanned: 1, groups: 4, rows: 11 });
    expect(none).toMatchObject({ scanned: 0, rows: 0 });
  });
});
