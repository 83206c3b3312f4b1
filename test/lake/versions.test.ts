import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import type { LakeTable } from '../../src/streams/5-lake/lake-table.ts';
import { bronzeTable } from '../../src/streams/5-lake/tables.ts';
import type { OutputRecord } from '../../src/streams/log/log.ts';
import { finalRows, hourRecord, HOURS_TOPIC, PARTITIONS, sorted } from '../support/lake/hour-records.ts';
import { lakeScript, playScript } from '../support/lake/lake-script.ts';
import { hoursBuffer, hoursTable, LakeWorld, rawBuffer } from '../support/lake/lake-world.ts';
import { rawRows } from '../support/lake/raw-rows.ts';
import { Killed } from '../support/lake/simulated-disk.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { DeltaReader } from './support/delta-reader.ts';
import type { LakeRow } from './support/read-delta.ts';

const PARTITION_IDS = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const app = (partition: number): string => `crypto-pulse/${HOURS_TOPIC}/${partition}`;

/** A kind of table, and what it holds where it has come to these offsets. */
interface Kind {
  readonly table: LakeTable;
  readonly create: (seed: string) => LakeWorld;
  readonly model: (records: readonly OutputRecord[], ends: ReadonlyMap<number, number>) => readonly unknown[];
  /** The rows as the model has them. */
  readonly seen: (rows: readonly LakeRow[]) => readonly unknown[];
}

const kinds: Readonly<Record<'upserted' | 'appended', Kind>> = {
  upserted: {
    table: hoursTable,
    create: (seed) => new LakeWorld(seededRandom(seed), hoursTable, hoursBuffer),
    model: finalRows,
    seen: (rows) => sorted(rows.map((row) => ({ ...row, ts: Date.parse(String(row.ts)) }))),
  },
  appended: {
    table: bronzeTable,
    create: (seed) => new LakeWorld(seededRandom(seed), bronzeTable, rawBuffer),
    model: (records, ends) => rawRows.wanted(records, ends),
    seen: (rows) => rawRows.seen(rows),
  },
};

let reader: DeltaReader;
beforeAll(() => void (reader = new DeltaReader()));
afterAll(() => reader.close());

/** What was read, so that a property which checks nothing does not pass for one that holds. */
const tally = { versions: 0, rows: 0 };

/** Expects the table at that version, or at its newest, to be to delta-rs what the model is at the positions that it names. */
async function compare(world: LakeWorld, { table, model, seen }: Kind, version?: number): Promise<readonly number[]> {
  const folder = temporaryFolder();
  world.disk.dump(folder);
  const read = await reader.read(join(folder, 'lake', table.name), PARTITION_IDS.map(app), version);
  rmSync(folder, { recursive: true });
  const ends = PARTITION_IDS.map((partition) => read.transactions[app(partition)] ?? 0);
  const wanted = model(world.records, new Map(ends.entries()));
  expect(seen(read.rows), `version ${version ?? 'newest'}`).toEqual(wanted);
  tally.versions++;
  tally.rows += read.rows.length;
  return ends;
}

const endsOf = (records: readonly OutputRecord[]): readonly number[] =>
  PARTITION_IDS.map((one) => records.filter(({ partition }) => partition === one).length);

describe.each(Object.entries(kinds))('a table that is %s, through delta-rs', (_, kind) => {
  it('equals the model at every version that a reader could see, whatever is killed where, beside upkeep and a second writer', async () => {
    Object.assign(tally, { versions: 0, rows: 0 });
    await fc.assert(
      fc.asyncProperty(lakeScript, async ({ acts, seed }) => {
        const world = kind.create(seed);
        await playScript(world, kind.table.name, acts, async (version) => void (await compare(world, kind, version)));
        expect(await compare(world, kind)).toEqual(endsOf(world.records));
      }),
      { numRuns: 40 },
    );
    console.log(`${tally.versions} versions with ${tally.rows} rows were read`);
    expect(tally.versions).toBeGreaterThan(100);
    expect(tally.rows).toBeGreaterThan(1_000);
  });

  it('equals the model after a kill in each step of a flush in turn, and after a power failure there', async () => {
    const records = fc.sample(hourRecord, 24);
    let step = 1;
    for (let isKilled = true; isKilled; step++) {
      const world = kind.create(`step ${step}`);
      await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
      await world.append(records.slice(0, 12));
      await world.sink(1_000, Infinity);
      await world.append(records.slice(12));
      isKilled = await world.sink(1_000, step).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      if (step % 2 === 0) world.disk.failPower();
      const { version } = (await world.open()).snapshot;
      for (let one = 0; one <= version; one++) await compare(world, kind, one);
      await world.sink(1_000, Infinity);
      expect(await compare(world, kind), `step ${step}`).toEqual(endsOf(records));
    }
    console.log(`killed in ${step - 2} steps`);
    expect(step).toBeGreaterThan(15);
  });
});
