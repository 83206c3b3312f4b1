import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import type { DeltaTable } from '../../../../src/streams/5-lake/delta/delta-table.ts';
import { BronzeBuffer } from '../../../../src/streams/5-lake/sink/bronze-buffer.ts';
import { SinkSession } from '../../../../src/streams/5-lake/sink/sink-session.ts';
import { bronzeTable } from '../../../../src/streams/5-lake/tables.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../../support/lake/hour-records.ts';
import { LakeWorld, rawBuffer } from '../../../support/lake/lake-world.ts';

const RECORDS = 3_000;
const VALUE_BYTES = 100;
/** The memory log's batches are of 500 bytes. */
const MOST_IN_A_BATCH = 6;

/** Catches up with all of it under that policy; the most that the buffer ever held. */
async function mostHeld(policy: { readonly rows: number; readonly bytes: number }) {
  const world = new LakeWorld(seededRandom('bounded'), bronzeTable, rawBuffer);
  await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
  await world.append(
    Array.from({ length: RECORDS }, (_, index) => ({
      ...{ topic: HOURS_TOPIC, partition: index % PARTITIONS, key: `coin-${index}`, value: 'x'.repeat(VALUE_BYTES) },
    })),
  );
  const most = { rows: 0, bytes: 0 };
  const createBuffer = (delta: DeltaTable): BronzeBuffer => {
    const buffer = new BronzeBuffer(delta);
    const take = buffer.take.bind(buffer);
    buffer.take = (at, record) => {
      take(at, record);
      most.rows = Math.max(most.rows, buffer.rows);
      most.bytes = Math.max(most.bytes, buffer.bytes);
    };
    return buffer;
  };
  const spec = { table: bronzeTable, topic: HOURS_TOPIC, partitions: PARTITIONS, createBuffer };
  const prepare = (): Promise<void> => Promise.resolve();
  const session = await SinkSession.open({
    log: world.log,
    spec: { ...spec, prepare },
    policy: { ...policy, intervalMs: 1e9 },
    delta: world.delta(),
  });
  expect(await session.catchUp(new AbortController().signal)).toBe(true);
  expect(session.rows).toBe(RECORDS);
  expect((await world.at()).rows).toHaveLength(RECORDS);
  return most;
}

describe('a sink that catches up', () => {
  it('holds no more rows than the policy says and a batch, however many there are', async () => {
    const { rows } = await mostHeld({ rows: 100, bytes: Infinity });
    expect(rows).toBeGreaterThanOrEqual(100);
    expect(rows).toBeLessThan(100 + MOST_IN_A_BATCH);
  });

  it('holds no more bytes than the policy says and a batch', async () => {
    const { bytes } = await mostHeld({ rows: Infinity, bytes: 50_000 });
    expect(bytes).toBeGreaterThanOrEqual(50_000);
    expect(bytes).toBeLessThan(50_000 + MOST_IN_A_BATCH * 1_000);
  });
});
