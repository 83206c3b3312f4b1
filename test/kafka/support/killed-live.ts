import { setTimeout as wait } from 'node:timers/promises';
import { combineShape } from '../../../src/streams/stages/flow.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { readStagePosition } from '../../../src/streams/task/positions.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { type Ended, startPulse } from '../../support/pulse.ts';

const LOOK_EVERY_MS = 20;

/**
 * Live stages that work while quotes come in, killed with -9 at the moment in which they are seen to have committed some of them:
 * how many they had taken in, and how the ingest ended, which goes on.
 */
export async function killedLive(
  log: Log,
  ingest: readonly string[],
  env: Readonly<Record<string, string>> & { readonly PULSE_NAMESPACE: string },
): Promise<{ readonly taken: number; readonly ingested: Ended }> {
  const live = startPulse(['process'], env);
  await live.said(/processing/);
  const source = startPulse(ingest, env);
  while ((await takenIn(log, env.PULSE_NAMESPACE)) === 0) await wait(LOOK_EVERY_MS);
  live.child.kill('SIGKILL');
  await live.ended;
  return { taken: await takenIn(log, env.PULSE_NAMESPACE), ingested: await source.ended };
}

/** Up to which offsets stage 1 has taken the namespace's quotes in, summed over the partitions. */
async function takenIn(log: Log, namespace: string): Promise<number> {
  const names = topicNames(namespace);
  const { name, input: topic } = combineShape(names);
  const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
  const positions = Array.from({ length: partitions }, (_, partition) =>
    readStagePosition(log, names.positions, name, { topic, partition }),
  );
  return (await Promise.all(positions)).reduce((sum, position) => sum + (position?.offset ?? 0), 0);
}
