import { PulseError } from '../../errors.ts';
import type { Log, OutputRecord, TopicPartition } from '../log/log.ts';

/** How far a stage has come on one partition of its input, as the record of `pulse.positions` says it. */
export interface StagePosition extends TopicPartition {
  readonly stage: string;
  /** The next offset to process. */
  readonly offset: number;
  /** The id of the topic that it is an offset of; absent where the log says none, and in positions from before it did. */
  readonly topicId?: string | undefined;
  /** What the stage keeps with it: counts that are exact across crashes, the fingerprint of its declarations. */
  readonly carried: Carried;
}

export type Carried = Readonly<Record<string, string | number>>;

/** The key of a stage's position. */
export const positionKey = (stage: string, at: TopicPartition): string => `${stage}|${at.topic}|${at.partition}`;

/** A position's record; it lies in the partition of the same number as the input's. */
export const positionRecord = (positionsTopic: string, position: StagePosition): OutputRecord => ({
  topic: positionsTopic,
  partition: position.partition,
  key: positionKey(position.stage, position),
  value: JSON.stringify(position),
});

/**
 * The latest JSON value of every key of one partition of `pulse.positions`, up to its present end. Call it after the
 * writer has been opened: no earlier owner can move a position any more.
 */
export async function readPositions(log: Log, topic: string, partition: number): Promise<ReadonlyMap<string, unknown>> {
  const { start, end } = await log.bounds({ topic, partition });
  const latest = new Map<string, unknown>();
  for await (const batch of log.read({ topic, partition }, start, end))
    for (const { key, value, offset } of batch.records) {
      const name = key?.toString('utf8') ?? '';
      if (value === null) latest.delete(name);
      else latest.set(name, parse(value, `${topic}[${partition}] offset ${offset}`));
    }
  return latest;
}

/** The stage's position; undefined where there is none. Rejects with `log-corrupt` for a malformed one. */
export async function readStagePosition(
  log: Log,
  topic: string,
  stage: string,
  at: TopicPartition,
): Promise<StagePosition | undefined> {
  const found = (await readPositions(log, topic, at.partition)).get(positionKey(stage, at));
  if (found === undefined) return undefined;
  if (!isPosition(found))
    throw new PulseError('log-corrupt', `the position ${positionKey(stage, at)} is ${JSON.stringify(found)}`);
  return found;
}

/** Throws `topic-mismatch` where the topic was made anew since: what the position stands for is gone with the one before. */
export function refuseOtherTopic({ stage, topic, partition, offset, topicId }: StagePosition, found?: string): void {
  if (topicId === undefined || found === undefined || topicId === found) return;
  throw new PulseError(
    'topic-mismatch',
    `${topic}[${partition}] is another topic than the one that the stage ${stage} has processed up to offset ${offset}: it ` +
      'was removed and made anew; restore it, or reset the namespace and ingest again',
  );
}

function isPosition(found: unknown): found is StagePosition {
  if (typeof found !== 'object' || found === null || !('offset' in found) || !('carried' in found)) return false;
  const { offset, carried } = found;
  return Number.isSafeInteger(offset) && Number(offset) >= 0 && typeof carried === 'object' && carried !== null;
}

function parse(value: Buffer, where: string): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch (cause) {
    throw new PulseError('log-corrupt', `the position at ${where} is not JSON`, { cause });
  }
}
