import { expect } from 'vitest';
import { combineShape } from '../../../src/streams/stages/flow.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { readStagePosition } from '../../../src/streams/task/positions.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { interruptAt } from '../../faults/kafka/support/interruption.ts';
import { type Ended, startPulse, temporaryFolder } from '../../support/pulse.ts';

/** The commit of stage 1 whose answer is the last thing that live hears: long before the last quote is in. */
const LAST_HEARD = { stage: 'combine', request: 'EndTxn', moment: 'answered', nth: 3 } as const;

/**
 * Live stages that work while quotes come in, killed with -9 in the middle of it, at a commit and not at a time: how many they
 * had taken in, and how the ingest ended, which goes on.
 */
export async function killedLive(
  log: Log,
  ingest: readonly string[],
  env: Readonly<Record<string, string>> & { readonly PULSE_NAMESPACE: string },
): Promise<{ readonly taken: number; readonly ingested: Ended }> {
  const live = startPulse(['process'], { ...env, ...interruptAt(LAST_HEARD, 'SIGKILL', temporaryFolder()).env });
  await live.said(/processing/);
  const source = startPulse(ingest, env);
  expect(await live.ended).toMatchObject({ signal: 'SIGKILL' });
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
