import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import { bronzeTable } from '../../../../src/streams/5-lake/tables.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../../support/lake/hour-records.ts';
import { LakeWorld, rawBuffer } from '../../../support/lake/lake-world.ts';

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

  it('is refused where the topic was made anew and is shorter: it has not caught up', async () => {
    const world = await caughtUp();
    await world.log.topics.remove([HOURS_TOPIC]);
    await world.log.topics.ensure([TOPIC]);
    await world.append(records(2));
    const refused = world.sink(100, Infinity);
    await expect(refused).rejects.toMatchObject({ code: 'table-mismatch' });
    await expect(refused).rejects.toThrow(
      /and the log holds \[0, 2\], so the topic is another one now: move the folder/,
    );
    expect((await world.at()).rows).toHaveLength(3);
  });

  it('is taken on where the log holds no more than it has, and begins where purged records ended', async () => {
    const world = await caughtUp();
    await world.log.purge(AT, 3);
    await world.append(records(2));
    await world.sink(100, Infinity);
    expect((await world.at()).rows.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
  });
});
