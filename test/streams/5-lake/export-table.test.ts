import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { copyDigestPath, parseCopyDigest } from '../../../src/streams/5-lake/copies/copy-digest.ts';
import { readDataFile } from '../../../src/streams/5-lake/data-file.ts';
import { decodeRows } from '../../../src/streams/5-lake/parquet/decode-rows.ts';
import { exportTable } from '../../../src/streams/5-lake/upkeep/export-table.ts';
import { HOURS_TOPIC, PARTITIONS, sorted } from '../../support/lake/hour-records.ts';
import { hoursBuffer, hoursTable, LakeWorld } from '../../support/lake/lake-world.ts';
import { Killed } from '../../support/lake/simulated-disk.ts';

const COPY = '/lake/gold_parquet/hours.parquet';

const hours = (from: number, price: number) =>
  Array.from({ length: 6 }, (_, hour) => {
    const ts = new Date(Date.UTC(2023, 11, 1, from + hour)).toISOString();
    const row = { coin_id: 'bitcoin', ts, price, market_cap: null, n: hour, final: true };
    return { topic: HOURS_TOPIC, partition: 0, key: `bitcoin|${ts}`, value: JSON.stringify(row) };
  });

async function worldWithCopy(seed: string): Promise<LakeWorld> {
  const world = new LakeWorld(seededRandom(seed), hoursTable, hoursBuffer);
  await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
  await world.append(hours(0, 1));
  await world.sink(100, Infinity);
  await exportTable(await world.open(), hoursTable, COPY);
  return world;
}

async function tableRows(world: LakeWorld): Promise<readonly unknown[]> {
  const delta = await world.open();
  const rows = await Promise.all(
    [...delta.snapshot.files.values()].map((file) => readDataFile(delta.options, hoursTable, file)),
  );
  return sorted(rows.flat());
}

/** The copy's rows; expects the digest beside it to be its own, or of an earlier copy, which whoever reads it can tell. */
async function copyRows(world: LakeWorld): Promise<readonly unknown[]> {
  const disk = world.disk.process();
  const bytes = (await disk.read(COPY)) ?? new Uint8Array();
  const digest = parseCopyDigest((await disk.read(copyDigestPath(COPY))) ?? new Uint8Array());
  expect(digest).toBeDefined();
  const isOwn = Buffer.from(bytes).includes(digest?.id ?? '');
  if (isOwn) expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest?.sha256);
  return sorted(await decodeRows(hoursTable.columns, bytes, COPY));
}

describe('a plain copy whose export ends in the middle', () => {
  it.each(['a kill', 'a power failure'])('is the old one or the new one, whole, after %s in any step', async (what) => {
    const outcomes = { old: 0, new: 0 };
    let step = 1;
    for (let isKilled = true; isKilled; step++) {
      const world = await worldWithCopy(`${what} ${step}`);
      const before = await copyRows(world);
      expect(before).toEqual(await tableRows(world));
      await world.append([...hours(3, 2), ...hours(30, 3)]);
      await world.sink(100, Infinity);
      const after = await tableRows(world);
      const exporting = world.open(step).then((delta) => exportTable(delta, hoursTable, COPY));
      isKilled = await exporting.then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      if (what === 'a power failure') world.disk.failPower();
      const found = await copyRows(world);
      const outcome = JSON.stringify(found) === JSON.stringify(before) ? 'old' : 'new';
      expect(found, `step ${step}`).toEqual(outcome === 'old' ? before : after);
      if (!isKilled) expect(outcome).toBe('new');
      outcomes[outcome]++;
    }
    expect(Math.min(outcomes.old, outcomes.new)).toBeGreaterThan(2);
  });
});
