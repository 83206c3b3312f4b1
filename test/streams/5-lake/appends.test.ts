import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { lakeScript, playScript } from '../../support/lake/lake-script.ts';
import { LakeWorld, rawBuffer } from '../../support/lake/lake-world.ts';
import { rawRows } from '../../support/lake/raw-rows.ts';

const ALL = new Map([0, 1].map((partition) => [partition, Infinity]));

describe('an appended table', () => {
  it('has each record once at every version, whatever is killed where, and whoever else writes or coalesces', async () => {
    await fc.assert(
      fc.asyncProperty(lakeScript, async ({ acts, seed }) => {
        const world = new LakeWorld(seededRandom(seed), bronzeTable, rawBuffer);
        await playScript(world, bronzeTable.name, acts, async (version) => {
          const { rows, positions } = await world.at(version);
          expect(rawRows.seen(rows), `version ${version}`).toEqual(rawRows.wanted(world.records, positions));
        });
        expect(rawRows.seen((await world.at()).rows)).toEqual(rawRows.wanted(world.records, ALL));
      }),
      { numRuns: 60 },
    );
  }, 180_000);
});
