import { describe, expect, it } from 'vitest';
import { removal } from '../../../src/streams/5-lake/data-file.ts';
import type { AddFile } from '../../../src/streams/5-lake/delta/actions.ts';
import type { DeltaTable } from '../../../src/streams/5-lake/delta/delta-table.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { hoursTable } from '../../support/lake/lake-world.ts';
import { temporaryFolder } from '../../support/pulse.ts';

const HOUR_MS = 3_600_000;
const REWRITES = 60;

const file = (version: number): AddFile => ({
  path: `coin_id=a/part-${version}.parquet`,
  partitionValues: { coin_id: 'a' },
  ...{ size: 1, modificationTime: 0, dataChange: true, stats: '{"numRecords":1,"minValues":{},"maxValues":{}}' },
});

/** Rewrites the table's one file again and again, ten minutes apart; `then` looks after each time. */
async function rewrite(lake: LakeFolder, delta: DeltaTable, then: () => Promise<void>): Promise<void> {
  for (let version = 0; version < REWRITES; version++) {
    lake.now += HOUR_MS / 6;
    const actions = [...delta.snapshot.files.values()].map((old) => removal(old, lake.now));
    expect(await delta.commit([...actions, { add: file(version) }], { operation: 'WRITE' })).toBe(true);
    await then();
  }
}

/** Of files that were taken out within the retention, of an hour, and until the next checkpoint. */
const MOST = 6 + 10;

describe('what a table remembers of files that it no longer has', () => {
  it('is those of the retention, to who writes it for long and to who looks at it for long', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const writer = await lake.open(hoursTable);
    const reader = await lake.open(hoursTable);
    await rewrite(lake, writer, async () => {
      await reader.refresh();
      for (const { snapshot } of [writer, reader]) {
        expect(snapshot.tombstones.size).toBeLessThanOrEqual(MOST);
        const kept = [...snapshot.tombstones.values()].map(({ deletionTimestamp }) => deletionTimestamp ?? 0);
        const wanted = Array.from({ length: 6 }, (_, ago) => lake.now - (ago * HOUR_MS) / 6);
        if (snapshot.version > 7) expect(kept).toEqual(expect.arrayContaining(wanted));
      }
    });
    expect(writer.snapshot.version).toBe(REWRITES);
  });
});
