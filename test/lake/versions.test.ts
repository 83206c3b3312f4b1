import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { finalRows, sorted } from '../support/lake/hour-records.ts';
import { lakeScript, playScript } from '../support/lake/lake-script.ts';
import { hoursBuffer, hoursTable, LakeWorld } from '../support/lake/lake-world.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { readVersions } from './support/read-delta.ts';

describe('an upserted table through delta-rs', () => {
  it('equals the model at every version, whatever was killed where, and whoever else wrote', async () => {
    let read = 0;
    for (const { acts, seed } of fc.sample(lakeScript, 6)) {
      const world = new LakeWorld(seededRandom(seed), hoursTable, hoursBuffer);
      // Nothing is vacuumed: a reader may be at any version.
      const kept = acts.map((act) => ({ ...act, upkeep: null }));
      await playScript(world, hoursTable.name, kept, () => Promise.resolve());
      const folder = temporaryFolder();
      world.disk.dump(folder);
      const { version: last } = (await world.open()).snapshot;
      const versions = readVersions(join(folder, 'lake', hoursTable.name), 0, last);
      expect(versions).toHaveLength(last + 1);
      for (const [version, rows] of versions.entries()) {
        const { positions } = await world.at(version);
        const wanted = finalRows(world.records, positions);
        const seen = sorted(rows.map((row) => ({ ...row, ts: Date.parse(String(row.ts)) })));
        expect(seen, `version ${version} of the seed ${JSON.stringify(seed)}`).toEqual(wanted);
        read += rows.length;
      }
    }
    expect(read).toBeGreaterThan(0);
  });
});
