import { resolve } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { type Ended, temporaryFolder } from '../../support/pulse.ts';
import { pulseSucceeds } from '../../support/pulse-succeeds.ts';
import { tableBytes } from '../../support/table-bytes.ts';
import { killedLive } from '../support/killed-live.ts';

const MARKET = resolve('data/sample/market-2023-12.ndjson.gz');
const QUOTES = 40_320;
const ROWS = 10_080;

describe('a replay on a cluster, byte by byte', { timeout: 300_000 }, () => {
  it('has the tables of live, killed in mid-stream, for the whole recorded market, from the topic and from Bronze', async () => {
    const live = `recorded-${process.pid}`;
    const env = {
      ...{ KAFKA_BROKERS: inject('kafkaBrokers').join(), PULSE_NAMESPACE: live, PULSE_DATA_DIR: temporaryFolder() },
      PULSE_COMMIT_RECORDS: '1000',
    };
    const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);
    const log = await openKafkaLog({ brokers: inject('kafkaBrokers') });
    try {
      const { taken, ingested } = await killedLive(log, ['ingest', '--source', 'recorded', '--file', MARKET], env);
      expect(ingested).toMatchObject({ code: 0 });
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThan(QUOTES);
      await succeeds('process', '--until-caught-up');
      await succeeds('sink', '--until-caught-up');
      const bytes = await tableBytes(log, live);
      expect(bytes['prices']?.size).toBe(ROWS);
      for (const from of ['topic', 'bronze']) {
        await succeeds('replay', '--from', from, '--namespace', `${live}-${from}`, '--no-lake');
        expect(await tableBytes(log, `${live}-${from}`)).toEqual(bytes);
      }
    } finally {
      await log.close();
    }
  });
});
