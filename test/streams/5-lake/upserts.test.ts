import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { finalRows, sorted } from '../../support/lake/hour-records.ts';
import { lakeScript, playScript } from '../../support/lake/lake-script.ts';
import { hoursBuffer, hoursTable, LakeWorld } from '../../support/lake/lake-world.ts';

const ALL = new Map([0, 1].map((partition) => [partition, Infinity]));

describe('an upserted table', () => {
  it('equals the model at every version, whatever is killed where, and whoever else writes', async () => {
    await fc.assert(
      fc.asyncProperty(lakeScript, async ({ acts, seed }) => {
        const world = new LakeWorld(seededRandom(seed), hoursTable, hoursBuffer);
        await playScript(world, hoursTable.name, acts, async (version) => {
          const { rows, positions } = await world.at(version);
          expect(sorted(rows), `version ${version}`).toEqual(finalRows(world.records, positions));
        });
        expect(sorted((await world.at()).rows)).toEqual(finalRows(world.records, ALL));
        const places = [...(await world.open()).snapshot.files.values()].map(({ stats, partitionValues }) => {
          const { minValues } = JSON.parse(stats ?? '') as { minValues: { ts: string } };
          return `${partitionValues.coin_id} ${minValues.ts.slice(0, 7)}`;
        });
        expect(places).toEqual([...new Set(places)]);
      }),
      { numRuns: 60 },
    );
  }, 180_000);
});
