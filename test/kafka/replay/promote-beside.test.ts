import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { laterTicks } from '../../support/later-ticks.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { type Ended, readTopic, startPulse, temporaryFolder } from '../../support/pulse.ts';
import { pulseSucceeds } from '../../support/pulse-succeeds.ts';

describe('a promotion on a cluster', { timeout: 300_000 }, () => {
  it('loses no quote that another process takes in while the replay goes on to its end', async () => {
    const namespace = `beside-${process.pid}`;
    const env = {
      KAFKA_BROKERS: inject('kafkaBrokers').join(),
      ...{ PULSE_NAMESPACE: namespace, PULSE_DATA_DIR: temporaryFolder() },
    };
    const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS);
    await succeeds('process', '--until-caught-up');
    await succeeds('replay', '--no-lake');

    const promote = ['replay', 'promote', `${namespace}-replay`];
    const preload = pathToFileURL(join(import.meta.dirname, '..', 'support', 'stop-at-line.js'));
    const held = startPulse([...promote, '--json'], {
      ...env,
      ...{ NODE_OPTIONS: `--import=${preload.href}`, PULSE_TEST_STOP_AT: '"kind":"progress"' },
    });
    await held.said(/"kind":"progress"/);
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    await succeeds('process', '--until-caught-up');
    held.child.kill('SIGCONT');
    const ended = await held.ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/stands at \d+, and .* was rebuilt up to \d+: promote it again/);
    await succeeds(...promote);

    const wanted = oracleTables([FEW_HOURS, later].flatMap((file) => recordedRecords(file)));
    const table = (topic: string) => readTopic(topic, ['--latest-per-key'], env);
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
  });
});
