import { describe, expect, it } from 'vitest';
import { PulseError } from '../../../../src/errors.ts';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import type { DeltaTableOptions } from '../../../../src/streams/5-lake/delta/delta-table.ts';
import { UncommittedFiles } from '../../../../src/streams/5-lake/delta/uncommitted-files.ts';
import { diskPath } from '../../../../src/streams/5-lake/delta/partition-path.ts';
import type { Disk } from '../../../../src/streams/5-lake/disk/disk.ts';
import { SinkSession } from '../../../../src/streams/5-lake/sink/sink-session.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../../support/lake/hour-records.ts';
import { hoursBuffer, hoursTable, LakeWorld } from '../../../support/lake/lake-world.ts';

const COINS = 12;
const full = (): Promise<never> => Promise.reject(new PulseError('disk-full', 'full'));

/** A topic with an hour of each coin. */
async function worldWithHours(): Promise<LakeWorld> {
  const world = new LakeWorld(seededRandom('uncommitted'), hoursTable, hoursBuffer);
  await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
  const ts = '2023-12-01T00:00:00.000Z';
  const row = (coin: number) => ({ coin_id: `coin ${coin}`, ts, price: 1, market_cap: null, n: 1, final: true });
  const at = (coin: number) => ({ topic: HOURS_TOPIC, partition: 0, key: `coin ${coin}|${ts}` });
  await world.append(Array.from({ length: COINS }, (_, coin) => ({ ...at(coin), value: JSON.stringify(row(coin)) })));
  return world;
}

/** A session's work from its beginning until it has caught up. */
async function tried(world: LakeWorld, delta: DeltaTableOptions, uncommitted?: UncommittedFiles): Promise<boolean> {
  const common = { topic: HOURS_TOPIC, partitions: PARTITIONS, prepare: () => Promise.resolve() };
  const spec = { ...common, table: hoursTable, createBuffer: hoursBuffer };
  const policy = { intervalMs: 1_000, rows: 1_000, bytes: Infinity };
  const options = { log: world.log, spec, policy, delta, ...(uncommitted && { uncommitted }) };
  return (await SinkSession.open(options)).catchUp(new AbortController().signal);
}

/** The data files that lie there and that no version names. */
async function unnamed(world: LakeWorld): Promise<readonly string[]> {
  const { files, tombstones } = (await world.open()).snapshot;
  const named = [...files.keys(), ...tombstones.keys()].map((path) => `/lake/hours/${diskPath(path)}`);
  return world.disk.files().filter((path) => path.endsWith('.parquet') && !named.includes(path));
}

const isData = (path: string): boolean => path.endsWith('.snappy.parquet');

describe('the files of a flush that fails', () => {
  it('are removed: those that fitted, where one of them did not', async () => {
    const world = await worldWithHours();
    let room = 5;
    const disk = world.disk.process();
    const small: Disk = {
      ...disk,
      write: (path, bytes) => (isData(path) && room-- <= 0 ? full() : disk.write(path, bytes)),
    };
    await expect(tried(world, world.delta(Infinity, small))).rejects.toMatchObject({ code: 'disk-full' });
    expect(room).toBeLessThan(0);
    expect(world.disk.files().filter(isData)).toEqual([]);
    room = Infinity;
    await tried(world, world.delta(Infinity, small));
    expect((await world.at()).rows).toHaveLength(COINS);
  });

  it('do not fill what is freed: with a little more room at every try, they fit when there is as much as they take', async () => {
    const taken = async (world: LakeWorld): Promise<number> =>
      (await Promise.all(world.disk.files().map((path) => world.disk.process().read(path)))).reduce(
        (sum, bytes) => sum + (bytes?.length ?? 0),
        0,
      );
    const wanted = await worldWithHours();
    await tried(wanted, wanted.delta());
    const needed = await taken(wanted);
    const world = await worldWithHours();
    const disk = world.disk.process();
    let room = needed / 4;
    const small: Disk = {
      ...disk,
      write: async (path, bytes) => ((await taken(world)) + bytes.length > room ? full() : disk.write(path, bytes)),
    };
    let isDone = false;
    while (!isDone && room < 3 * needed) {
      room += needed / 20;
      isDone = await tried(world, world.delta(Infinity, small)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'disk-full' });
        return false;
      });
    }
    // A commit is written under another name first, a file in writing is there beside seven others.
    expect(room).toBeLessThan(1.5 * needed);
    expect((await world.at()).rows).toHaveLength(COINS);
  });

  it('stay where the commit came about though it was told to have failed', async () => {
    const world = await worldWithHours();
    const disk = world.disk.process();
    let linked = 0;
    const doubtful: Disk = {
      ...disk,
      link: async (from, to) => {
        const isOurs = await disk.link(from, to);
        if (++linked === 2) await full();
        return isOurs;
      },
    };
    await expect(tried(world, world.delta(Infinity, doubtful))).rejects.toMatchObject({ code: 'disk-full' });
    expect((await world.at()).rows).toHaveLength(COINS);
    expect(await tried(world, world.delta())).toBe(true);
    expect((await world.at()).rows).toHaveLength(COINS);
  });

  it('are removed when the table is opened anew, where its log could not be read before', async () => {
    const world = await worldWithHours();
    const disk = world.disk.process();
    let [isDown, isOver] = [false, false];
    const failing: Disk = {
      ...disk,
      link: async (from, to) => {
        if (to.endsWith('1.json') && !isOver) isDown = true;
        return isDown ? full() : disk.link(from, to);
      },
      list: (path) => (isDown ? full() : disk.list(path)),
    };
    const delta = world.delta(Infinity, failing);
    const uncommitted = new UncommittedFiles(delta);
    await expect(tried(world, delta, uncommitted)).rejects.toMatchObject({ code: 'disk-full' });
    expect(world.disk.files().filter(isData)).toHaveLength(COINS);
    [isDown, isOver] = [false, true];
    expect(await tried(world, delta, uncommitted)).toBe(true);
    expect(await unnamed(world)).toEqual([]);
    expect((await world.at()).rows).toHaveLength(COINS);
  });

  it('are removed where another writer was first', async () => {
    const world = await worldWithHours();
    const disk = world.disk.process();
    let isFirst = true;
    const slow: Disk = {
      ...disk,
      link: async (from, to) => {
        if (isFirst && to.endsWith('1.json')) {
          isFirst = false;
          await tried(world, world.delta());
        }
        return disk.link(from, to);
      },
    };
    expect(await tried(world, world.delta(Infinity, slow))).toBe(false);
    expect(world.disk.files().filter(isData)).toHaveLength(COINS);
    expect(await unnamed(world)).toEqual([]);
  });
});
