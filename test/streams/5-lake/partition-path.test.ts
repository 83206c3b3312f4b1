import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskPath, logPath, partitionFolder } from '../../../src/streams/5-lake/delta/partition-path.ts';
import { silverTable } from '../../../src/streams/5-lake/tables.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { tableAt } from '../../support/lake/table-at.ts';
import { temporaryFolder } from '../../support/pulse.ts';

const HOSTILE = [
  '..',
  '.',
  '../../etc/passwd',
  '/',
  'a/b',
  '100%',
  '%2F',
  '%252F',
  'a=b',
  ' ',
  'a b',
  'ü\u{1f600}',
  '~',
];
const long = (tail: string): string => 'é'.repeat(300) + tail;
const coin = fc.oneof(
  fc.constantFrom(...HOSTILE, long('a'), long('b'), 'x'.repeat(246), 'x'.repeat(247), 'x'.repeat(248)),
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.string({ minLength: 200, maxLength: 400, unit: fc.constantFrom('a', '%', '/', 'é') }),
);

describe('the folder of a partition', () => {
  it('is one name that any file system takes, whatever the coin is called', () => {
    fc.assert(
      fc.property(coin, (id) => {
        const folder = partitionFolder('coin_id', id);
        expect(folder).toMatch(/^coin_id=[A-Za-z0-9_.%~-]+$/);
        expect(folder.length).toBeLessThanOrEqual(255);
        expect(join('/table', folder).split(sep)).toHaveLength(3);
      }),
    );
  });

  it('is no other coin’s', () => {
    fc.assert(
      fc.property(coin, coin, (one, other) => {
        fc.pre(one !== other);
        expect(partitionFolder('coin_id', one)).not.toBe(partitionFolder('coin_id', other));
      }),
      { examples: [[long('a'), long('b')]] },
    );
  });

  it('is the coin’s id, percent-encoded, where that is short enough', () => {
    fc.assert(
      fc.property(coin, (id) => {
        const folder = partitionFolder('coin_id', id);
        if (!folder.includes('~')) expect(decodeURIComponent(folder.slice('coin_id='.length))).toBe(id);
      }),
    );
  });

  it('is found again from the path in the log, which encodes it once more', () => {
    expect(logPath(`${partitionFolder('coin_id', '1move token')}/part.parquet`)).toBe(
      'coin_id=1move%2520token/part.parquet',
    );
    fc.assert(
      fc.property(coin, (id) => {
        const path = `${partitionFolder('coin_id', id)}/part-1.parquet`;
        expect(diskPath(logPath(path))).toBe(path);
      }),
    );
  });

  it('keeps each coin’s rows its own on a real disk, and nothing outside the table', async () => {
    const parent = temporaryFolder();
    const lake = new LakeFolder(join(parent, 'data'));
    mkdirSync(lake.path);
    const coins = [...HOSTILE, long('a'), long('b')];
    for (const [place, id] of coins.entries()) await lake.addSilver(id, place + 1);
    const { rows, snapshot } = await tableAt(lake.options(silverTable), silverTable);
    for (const [place, id] of coins.entries())
      expect(rows.filter(({ coin_id }) => coin_id === id)).toHaveLength(place + 1);
    for (const path of snapshot.files.keys())
      expect(existsSync(join(lake.path, 'silver/prices_hourly', diskPath(path)))).toBe(true);
    expect([readdirSync(parent), readdirSync(lake.path)]).toEqual([['data'], ['silver']]);
  });
});
