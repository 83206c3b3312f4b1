import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/streams/1-ingest/simulated/random.ts';
import { BronzeSource } from '../../../../src/streams/5-lake/source/bronze-source.ts';
import { bronzeTable } from '../../../../src/streams/5-lake/tables.ts';
import { plainRecord, readAll } from '../../../support/lake/bronze-rows.ts';
import { HOURS_TOPIC, PARTITIONS } from '../../../support/lake/hour-records.ts';
import { lakeScript, playScript } from '../../../support/lake/lake-script.ts';
import { LakeWorld, rawBuffer } from '../../../support/lake/lake-world.ts';

/** What the topic itself gives, with the header that Bronze adds; one that is no time is empty. */
async function fromTopic(world: LakeWorld, partition: number, from: number, to: number) {
  const records: unknown[] = [];
  for await (const batch of world.log.read({ topic: HOURS_TOPIC, partition }, from, to))
    for (const record of batch.records) {
      const header = record.header('observed_at')?.toString() ?? new Date(record.timestamp).toISOString();
      const headers = { observed_at: Number.isNaN(Date.parse(header)) ? '' : header };
      records.push({ ...plainRecord(record), headers });
    }
  return records;
}

describe('the Bronze table as a source', () => {
  it('gives what the topic gave, at every version that a reader can be at, whatever was killed, coalesced or vacuumed', async () => {
    const script = fc.tuple(lakeScript, fc.float({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(script, async ([{ acts, seed }, share]) => {
        const world = new LakeWorld(seededRandom(seed), bronzeTable, rawBuffer);
        const compare = async (version?: number): Promise<void> => {
          const source = await BronzeSource.open(
            world.delta(),
            { log: world.log.identity, topicId: undefined },
            version,
          );
          for (let partition = 0; partition < PARTITIONS; partition++) {
            const at = { topic: HOURS_TOPIC, partition };
            const end = source?.end(at) ?? 0;
            const from = Math.floor(end * share);
            const { records, gaps } = await readAll(source!.read(at, from, end), from);
            expect(gaps).toEqual([]);
            expect(records, `version ${version}`).toEqual(await fromTopic(world, partition, from, end));
          }
        };
        await playScript(world, bronzeTable.name, acts, compare);
        await compare();
      }),
      { numRuns: 25 },
    );
  }, 180_000);
});
