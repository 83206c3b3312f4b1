import { it } from 'vitest';
import { topicNames } from '../../src/streams/topics.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';
import { withLog } from '../support/with-log.ts';

const { features } = topicNames('');

it('a row of Gold that can’t be read halts the lake, which says what to do, and that mends it', async () => {
  const folder = await processedFolder();
  const env = { PULSE_DATA_DIR: folder };
  const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, env);
  const [row] = await readTopic(features, ['--latest-per-key', '--limit', '1'], env);
  const at = { topic: features, partition: row!.partition };
  await withLog(folder, async (log) => {
    await log.append([{ ...at, key: row!.key, value: '{"coin' }]);
  });
  const sink = await pulse(['sink', '--until-caught-up'], env);
  expectFailure(sink, 1, /features_hourly\[\d\] offset \d+ is no row: .*pulse replay, and then pulse replay promote/);
  await succeeds('replay');
  await succeeds('replay', 'promote', 'replay');
  await succeeds('sink', '--until-caught-up');
  await expectTables(folder, [FEW_HOURS]);
});
