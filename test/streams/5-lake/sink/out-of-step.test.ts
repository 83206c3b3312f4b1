import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import { SinkSession } from '../../../../src/streams/5-lake/sink/sink-session.ts';
import { bronzeTable } from '../../../../src/streams/5-lake/tables.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../../support/lake/hour-records.ts';
import { LakeWorld, rawBuffer } from '../../../support/lake/lake-world.ts';

const MADE_ANEW =
  'the table bronze/markets_snapshot holds rows of a topic that was removed, and made anew since: move the folder bronze/markets_snapshot ';
const AT = { topic: HOURS_TOPIC, partition: 0 };
const TOPIC = { name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'purge' } } as const;
const records = (count: number) => Array.from({ length: count }, () => ({ ...AT, key: 'bitcoin', value: '{}' }));

/** A table that has three records of a topic, and nothing to read. */
async function caughtUp(): Promise<LakeWorld> {
  const world = new LakeWorld(seededRandom('out of step'), bronzeTable, rawBuffer);
  await world.log.topics.ensure([TOPIC]);
  await world.append(records(3));
  await world.sink(100, Infinity);
  return world;
}

async function makeAnew(world: LakeWorld, count: number): Promise<void> {
  await world.log.topics.remove([HOURS_TOPIC]);
  await world.log.topics.ensure([TOPIC]);
  await world.log.append(records(count));
}

function openSession(world: LakeWorld, log: Log = world.log): Promise<SinkSession> {
  const common = { topic: HOURS_TOPIC, partitions: PARTITIONS, prepare: () => Promise.resolve() };
  const spec = { ...common, table: bronzeTable, createBuffer: rawBuffer };
  const policy = { intervalMs: 1_000, rows: 100, bytes: Infinity };
  return SinkSession.open({ log, spec, policy, delta: world.delta() });
}

describe('a table whose topic does not hold the offset that comes next', () => {
  it('is refused where records are gone that it has not, and is left as it was', async () => {
    const world = await caughtUp();
    await world.append(records(4));
    await world.log.purge(AT, 5);
    const refused = world.sink(100, Infinity);
    await expect(refused).rejects.toMatchObject({ code: 'table-mismatch' });
    await expect(refused).rejects.toThrow(
      /^the table bronze\/markets_snapshot has hours\[0\] up to offset 3, and the log holds \[5, 7\], so what lies between is gone: move the folder bronze\/markets_snapshot /,
    );
    expect((await world.at()).rows).toHaveLength(3);
  });

  it.each([2, 3, 9])('is refused where the topic was made anew and has %d records, fewer or more', async (count) => {
    const world = await caughtUp();
    await makeAnew(world, count);
    const refused = world.sink(100, Infinity);
    await expect(refused).rejects.toMatchObject({ code: 'table-mismatch' });
    await expect(refused).rejects.toThrow(MADE_ANEW);
    expect((await world.at()).rows).toHaveLength(3);
  });

  it('is refused where the topic is made anew while it is read: not a row of the other one gets into it', async () => {
    const world = await caughtUp();
    await world.append(records(1));
    const session = await openSession(world);
    for await (const batch of world.log.read(AT, 3, 4)) expect(await session.take(batch)).toBe(true);
    await makeAnew(world, 9);
    for await (const batch of world.log.read(AT, 4, 9)) expect(await session.take(batch)).toBe(true);
    await expect(session.flush()).rejects.toThrow(MADE_ANEW);
    expect((await world.at()).rows).toHaveLength(3);
    await expect(openSession(world)).rejects.toThrow(MADE_ANEW);
  });

  it('is refused where an offset that it has is beyond the end of a log that does not tell its topics apart', async () => {
    const world = await caughtUp();
    await makeAnew(world, 2);
    const withoutIds = { ...world.log, topics: { ...world.log.topics, id: () => Promise.resolve(undefined) } };
    await expect(openSession(world, withoutIds)).rejects.toThrow(
      /and the log holds \[0, 2\], so the topic is another one now: move the folder/,
    );
  });

  it('is taken on where the log holds no more than it has, and begins where purged records ended', async () => {
    const world = await caughtUp();
    await world.log.purge(AT, 3);
    await world.append(records(2));
    await world.sink(100, Infinity);
    expect((await world.at()).rows.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
  });
});
