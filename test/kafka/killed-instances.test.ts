import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { expectEqualTable } from '../support/equal-tables.ts';
import { oracleTables } from '../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../support/oracle/recorded-records.ts';
import { pulse, readTopic, type RunningPulse, startPulse, temporaryFolder } from '../support/pulse.ts';

const KILLS = 6;

describe('instances that share a cluster', () => {
  it(`leave the tables of a batch job, after ${KILLS} kill -9 of a source and of stages`, async () => {
    const seed = String(Date.now());
    console.log(`kill seed ${seed}`);
    const random = seededRandom(seed);
    const file = disorderlyMarket(random);
    const env = {
      KAFKA_BROKERS: inject('kafkaBrokers').join(),
      PULSE_NAMESPACE: `killed-${process.pid}`,
      PULSE_DATA_DIR: temporaryFolder(),
      PULSE_PARTITIONS: '6',
    };
    const ingest = ['ingest', '--source', 'recorded', '--file', file, '--speed', '200000'];
    const stages: RunningPulse[] = [];
    const begin = async (): Promise<void> => {
      const run = startPulse(['process'], env);
      await run.said(/processing/);
      stages.push(run);
    };
    await begin();
    await begin();
    for (let kill = 0; kill < KILLS; kill++) {
      const source = startPulse(ingest, env);
      await new Promise((wake) => setTimeout(wake, 1500 + random() * 1500));
      source.child.kill('SIGKILL');
      if (kill % 2 === 0) continue;
      const [victim] = stages.splice(Math.floor(random() * stages.length), 1);
      victim?.child.kill('SIGKILL');
      await begin();
    }
    expect(await pulse(ingest.slice(0, -2), env)).toMatchObject({ code: 0 });
    expect(await pulse(['process', '--until-caught-up'], env)).toMatchObject({ code: 0 });
    for (const { child } of stages) child.kill('SIGTERM');
    for (const { ended } of stages) expect(await ended).toMatchObject({ code: 0 });

    const wanted = oracleTables(recordedRecords(file));
    const table = (topic: string) => readTopic(topic, ['--latest-per-key'], env);
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
  });
});
