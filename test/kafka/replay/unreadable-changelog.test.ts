import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { laterTicks } from '../../support/later-ticks.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { type Ended, pulse, readTopic, temporaryFolder } from '../../support/pulse.ts';
import { pulseSucceeds } from '../../support/pulse-succeeds.ts';
import { unhurried } from '../../support/unhurried.ts';

const PARTITION = 1;

describe('a changelog on a cluster that can’t be read', { timeout: 300_000 }, () => {
  it('halts the stages, and is computed anew by pulse process --rebuild', async () => {
    const namespace = `unreadable-${process.pid}`;
    const names = topicNames(namespace);
    const folder = temporaryFolder();
    const brokers = inject('kafkaBrokers');
    const env = { KAFKA_BROKERS: brokers.join(), PULSE_NAMESPACE: namespace, PULSE_DATA_DIR: folder };
    const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS);
    await succeeds('process', '--until-caught-up');
    const rows = await readTopic('pulse.prices_hourly', [], env);
    const { key } = rows.find(({ partition }) => partition === PARTITION) ?? {};
    const log = await openKafkaLog({ brokers });
    await log.append([
      { topic: names.prices, partition: PARTITION, key: key ?? '', value: 'no row' },
      { topic: names.prices, partition: PARTITION, key: 'what', value: 'no row' },
    ]);
    await log.close();

    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    expectFailure(
      await pulse(['process', '--until-caught-up'], env),
      1,
      /pulse\.prices_hourly\[1\] can't be read in 2 rows: .*pulse process --rebuild computes them anew from the quotes$/m,
    );
    await succeeds('process', '--until-caught-up', '--rebuild');
    rmSync(join(folder, 'namespaces', namespace, 'state'), { recursive: true });
    expect(unhurried(await succeeds('process', '--until-caught-up')).stderr).toMatch(/^\d+ records in = .*\n$/);

    const wanted = oracleTables([FEW_HOURS, later].flatMap((file) => recordedRecords(file)));
    const table = async (topic: string) =>
      (await readTopic(topic, ['--latest-per-key'], env)).filter(({ value }) => value !== null);
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
    // What it was computed in is gone.
    expect((await succeeds('topics', 'list')).stdout).not.toContain(`${namespace}-rebuild`);
  });
});
