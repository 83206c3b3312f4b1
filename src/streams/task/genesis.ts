import { PulseError } from '../../errors.ts';
import type { Log, TopicPartition } from '../log/log.ts';
import { positionKey, positionRecord, readPositions } from './positions.ts';
import type { Stage } from './stage.ts';

/**
 * Gives every partition of a stage that never ran its first position: where its input begins. From then on a missing
 * position is an error, never a reason to start over: outputs without positions would be counted twice.
 *
 * Rejects with `position-missing` where the stage has outputs but no position at all.
 */
export async function ensurePositions(
  log: Log,
  positionsTopic: string,
  transactionalId: string,
  stages: readonly Stage[],
  partitions: number,
): Promise<void> {
  const isKnown = (known: ReadonlySet<string>, { name, input }: Stage): boolean =>
    inputsOf(input, partitions).some((at) => known.has(positionKey(name, at)));
  const before = await knownKeys(log, positionsTopic, partitions);
  if (stages.every((stage) => isKnown(before, stage))) return;
  const writer = await log.writer(transactionalId);
  try {
    // Whoever else was about to do the same is fenced by now: what is known now is decided.
    const known = await knownKeys(log, positionsTopic, partitions);
    for (const stage of stages) {
      if (isKnown(known, stage)) continue;
      await refuseOutputs(log, stage, partitions);
      const first = async (at: TopicPartition) => {
        const { start } = await log.bounds(at);
        return positionRecord(positionsTopic, { stage: stage.name, ...at, offset: start, carried: {} });
      };
      await writer.commit(await Promise.all(inputsOf(stage.input, partitions).map(first)));
    }
  } finally {
    await writer.close();
  }
}

const inputsOf = (topic: string, partitions: number): readonly TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

async function knownKeys(log: Log, topic: string, partitions: number): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let partition = 0; partition < partitions; partition++)
    for (const key of (await readPositions(log, topic, partition)).keys()) keys.add(key);
  return keys;
}

async function refuseOutputs(log: Log, stage: Stage, partitions: number): Promise<void> {
  for (const topic of stage.outputs)
    for (let partition = 0; partition < partitions; partition++) {
      const { end } = await log.bounds({ topic, partition });
      if (end > 0)
        throw new PulseError(
          'position-missing',
          `${topic}[${partition}] holds ${end} records of the stage ${stage.name}, which has no position: ` +
            'processing from the start would count its input twice; restore the positions, or reset the namespace',
        );
    }
}
