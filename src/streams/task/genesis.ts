import { PulseError } from '../../errors.ts';
import type { Log, TopicPartition, TransactionalWriter } from '../log/log.ts';
import { positionKey, positionRecord, readPositions } from './positions.ts';
import { inNamespace, type Namespace } from '../topics.ts';
import type { StageShape } from './stage.ts';

/** The transactional id with which first positions are written. */
export const genesisId = (namespace: Namespace): string => inNamespace(namespace, 'pulse-genesis');

/**
 * Gives every partition of a stage that never ran its first position: where its input begins. From then on a missing
 * position is an error, never a reason to start over: outputs without positions would be counted twice. Where several
 * processes do this at once, one of them wins, and the others find that it is done.
 *
 * Rejects with `position-missing` where the stage has outputs but no position at all.
 */
export async function ensurePositions(
  log: Log,
  positionsTopic: string,
  transactionalId: string,
  stages: readonly StageShape[],
  partitions: number,
): Promise<void> {
  for (;;) {
    const known = await knownKeys(log, positionsTopic, partitions);
    if (stages.every((stage) => isKnown(known, stage, partitions))) return;
    const writer = await log.writer(transactionalId);
    try {
      await writeFirst(log, writer, positionsTopic, stages, partitions);
      return;
    } catch (error) {
      if (!(error instanceof PulseError && error.code === 'fenced')) throw error;
    } finally {
      await writer.close();
    }
  }
}

async function writeFirst(
  log: Log,
  writer: TransactionalWriter,
  positionsTopic: string,
  stages: readonly StageShape[],
  partitions: number,
): Promise<void> {
  // Whoever else was about to do the same is fenced by now: what is known now is decided.
  const known = await knownKeys(log, positionsTopic, partitions);
  for (const stage of stages) {
    if (isKnown(known, stage, partitions)) continue;
    await refuseOutputs(log, stage, partitions);
    const topicId = await log.topics.id(stage.input);
    const first = async (at: TopicPartition) => {
      const { start } = await log.bounds(at);
      return positionRecord(positionsTopic, { stage: stage.name, ...at, offset: start, topicId, carried: {} });
    };
    await writer.commit(await Promise.all(inputsOf(stage.input, partitions).map(first)));
  }
}

const isKnown = (known: ReadonlySet<string>, { name, input }: StageShape, partitions: number): boolean =>
  inputsOf(input, partitions).some((at) => known.has(positionKey(name, at)));

const inputsOf = (topic: string, partitions: number): readonly TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

async function knownKeys(log: Log, topic: string, partitions: number): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let partition = 0; partition < partitions; partition++)
    for (const key of (await readPositions(log, topic, partition)).keys()) keys.add(key);
  return keys;
}

async function refuseOutputs(log: Log, stage: StageShape, partitions: number): Promise<void> {
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
