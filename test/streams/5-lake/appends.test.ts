import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import type { Row } from '../../../src/streams/5-lake/parquet/column.ts';
import type { Positions } from '../../../src/streams/5-lake/sink/table-positions.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { lakeScript, playScript } from '../../support/lake/lake-script.ts';
import { LakeWorld, rawBuffer } from '../../support/lake/lake-world.ts';

const ALL = new Map([0, 1].map((partition) => [partition, Infinity]));

/** Every record below the positions, once. */
function rawRows(records: readonly OutputRecord[], ends: Positions): readonly unknown[] {
  const offsets = new Map<number, number>();
  const rows = records.map(({ partition, key, value }) => {
    const offset = offsets.get(partition) ?? 0;
    offsets.set(partition, offset + 1);
    return { partition, offset, coin_id: key, raw: value };
  });
  return inOrder(rows.filter(({ partition, offset }) => offset < (ends.get(partition) ?? 0)));
}

const inOrder = <One extends { partition?: unknown; offset?: unknown }>(rows: readonly One[]): readonly One[] =>
  rows.toSorted((a, b) => Number(a.partition) - Number(b.partition) || Number(a.offset) - Number(b.offset));

const seen = (rows: readonly Row[]): readonly unknown[] =>
  inOrder(rows.map(({ partition, offset, coin_id, raw }) => ({ partition, offset, coin_id, raw })));

describe('an appended table', () => {
  it('has each record once at every version, whatever is killed where, and whoever else writes or coalesces', async () => {
    await fc.assert(
      fc.asyncProperty(lakeScript, async ({ acts, seed }) => {
        const world = new LakeWorld(seededRandom(seed), bronzeTable, rawBuffer);
        await playScript(world, bronzeTable.name, acts, async (version) => {
          const { rows, positions } = await world.at(version);
          expect(seen(rows), `version ${version}`).toEqual(rawRows(world.records, positions));
        });
        expect(seen((await world.at()).rows)).toEqual(rawRows(world.records, ALL));
      }),
      { numRuns: 60 },
    );
  }, 180_000);
});
