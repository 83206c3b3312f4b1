import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { readDataFile } from '../../../src/streams/5-lake/data-file.ts';
import { decodeCommit } from '../../../src/streams/5-lake/delta/commit-file.ts';
import { commitName, commitVersion, LOG_FOLDER } from '../../../src/streams/5-lake/delta/log-names.ts';
import { readLog } from '../../../src/streams/5-lake/delta/read-log.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { coalesceBronze } from '../../../src/streams/5-lake/upkeep/coalesce.ts';
import { LOG_RETENTION_MS, vacuum } from '../../../src/streams/5-lake/upkeep/vacuum.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../support/lake/hour-records.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { hoursBuffer, hoursTable, LakeWorld, RETENTION_MS } from '../../support/lake/lake-world.ts';
import { tableAt } from '../../support/lake/table-at.ts';
import { temporaryFolder } from '../../support/pulse.ts';

const ts = '2023-12-01T00:00:00.000Z';
const hour = (price: number) => ({
  topic: HOURS_TOPIC,
  partition: 0,
  key: `bitcoin|${ts}`,
  value: JSON.stringify({ coin_id: 'bitcoin', ts, price, market_cap: null, n: 1, final: true }),
});

describe('coalesce', () => {
  it('leaves off where another has put the same files together meanwhile: no row is there twice', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await lake.addBronze('2023-12-30', [0, 1]);
    await lake.addBronze('2023-12-30', [2, 3]);
    const [slow, quick] = [await lake.open(bronzeTable), await lake.open(bronzeTable)];
    expect(await coalesceBronze(quick)).toEqual({ from: 2, into: 1 });
    expect(await coalesceBronze(slow)).toEqual({ from: 0, into: 0 });
    const { rows, snapshot } = await tableAt(lake.options(bronzeTable), bronzeTable);
    expect(rows.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(snapshot.files.size).toBe(1);
    // Those two and the one: what the slow one has written is gone again.
    expect(readdirSync(join(lake.path, bronzeTable.name, 'ingest_date=2023-12-30'))).toHaveLength(3);
  });

  it('says in the log that no row has changed: whoever follows the table has seen them', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await lake.addBronze('2023-12-30', [0, 1]);
    await lake.addBronze('2023-12-30', [2, 3]);
    await coalesceBronze(await lake.open(bronzeTable));
    const { version } = (await lake.open(bronzeTable)).snapshot;
    const path = join(lake.path, bronzeTable.name, LOG_FOLDER, commitName(version));
    const actions = decodeCommit(readFileSync(path), path);
    const changes = actions.flatMap(({ add, remove }) => [add, remove].flatMap((one) => one?.dataChange ?? []));
    expect(changes).toEqual([false, false, false]);
    expect(actions.filter(({ txn }) => txn != null)).toEqual([]);
  });

  it('goes on beside a writer that adds to the same day', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await lake.addBronze('2023-12-30', [0, 1]);
    await lake.addBronze('2023-12-30', [2, 3]);
    const delta = await lake.open(bronzeTable);
    await lake.addBronze('2023-12-30', [4]);
    expect(await coalesceBronze(delta)).toEqual({ from: 2, into: 1 });
    const { rows, snapshot } = await tableAt(lake.options(bronzeTable), bronzeTable);
    expect(rows.map(({ offset }) => offset).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(snapshot.files.size).toBe(2);
  });
});

describe('vacuum', () => {
  it('leaves a running reader the files of its version for the retention, and no longer', async () => {
    const world = await worldWith(hour(1));
    const reader = await world.open();
    const [file] = [...reader.snapshot.files.values()];
    if (file === undefined) throw new Error('there is no file');
    const readersRows = async () => readDataFile(world.delta(), hoursTable, file);
    world.now += 10 * RETENTION_MS;
    await world.append([hour(2)]);
    await world.sink(1, Infinity);
    expect(await vacuum(await world.open())).toEqual({ files: 0, bytes: 0 });
    world.now += RETENTION_MS - 1;
    expect(await vacuum(await world.open())).toEqual({ files: 0, bytes: 0 });
    expect(await readersRows()).toMatchObject([{ price: 1 }]);
    world.now += 1;
    expect(await vacuum(await world.open())).toEqual({ files: 1, bytes: file.size });
    await expect(readersRows()).rejects.toMatchObject({ code: 'table-corrupt' });
    expect((await world.at()).rows).toMatchObject([{ price: 2 }]);
  });

  it('cleans the log below a checkpoint of a week ago, and no version from there on is lost', async () => {
    const world = await worldWith(hour(0));
    const first = (await world.open()).snapshot.version;
    for (let price = 1; price + first <= 25; price++) {
      await world.append([hour(price)]);
      await world.sink(1, Infinity);
    }
    const written = world.now;
    world.now = written + LOG_RETENTION_MS - 1;
    await vacuum(await world.open());
    expect(logVersions(world)).toEqual(Array.from({ length: 26 }, (_, version) => version));
    world.now = written + LOG_RETENTION_MS;
    await vacuum(await world.open());
    expect(logVersions(world)).toEqual([20, 21, 22, 23, 24, 25]);
    expect((await world.at()).rows).toMatchObject([{ price: 25 - first }]);
    const { disk } = world.delta().disk;
    for (const version of [20, 21, 25]) {
      const { files, txns } = (await readLog(disk, '/lake/hours', version)) ?? {};
      expect([version, files?.size, txns?.size]).toEqual([version, 1, PARTITIONS]);
    }
    await expect(readLog(disk, '/lake/hours', 19)).rejects.toMatchObject({ code: 'version-vacuumed' });
    await world.append([hour(99)]);
    await world.sink(1, Infinity);
    expect((await world.at()).rows).toMatchObject([{ price: 99 }]);
  });

  it('takes what a crash has left, and leaves what may still be written', async () => {
    const world = await worldWith(hour(1));
    const left = '/lake/hours/coin_id=bitcoin/part-left.snappy.parquet';
    await world.disk.process().write(left, Buffer.from('torn'));
    world.now += RETENTION_MS - 1;
    expect(await vacuum(await world.open())).toEqual({ files: 0, bytes: 0 });
    world.now += 1;
    expect(await vacuum(await world.open())).toEqual({ files: 1, bytes: 4 });
    expect(await world.disk.process().read(left)).toBeUndefined();
    expect((await world.at()).rows).toMatchObject([{ price: 1 }]);
  });
});

/** The versions that the log has a commit of, ascending. */
const logVersions = (world: LakeWorld): readonly number[] =>
  world.disk
    .files()
    .flatMap((path) => commitVersion(basename(path)) ?? [])
    .toSorted((a, b) => a - b);

async function worldWith(record: ReturnType<typeof hour>): Promise<LakeWorld> {
  const world = new LakeWorld(seededRandom('vacuum'), hoursTable, hoursBuffer);
  await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
  await world.append([record]);
  await world.sink(1, Infinity);
  return world;
}
