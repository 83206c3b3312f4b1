import { PulseError } from '../../../errors.ts';
import type { Cleanup, OffsetBounds, TopicPartition, TopicSpec } from '../log.ts';

export const unknownTopic = (name: string): PulseError =>
  new PulseError('unknown-topic', `There is no topic ${name}: create it first.`);

export const unknownPartition = ({ topic, partition }: TopicPartition, partitions: number): PulseError =>
  new PulseError('unknown-topic', `${topic} has no partition ${partition}, it has ${partitions}.`);

export const outOfRange = ({ topic, partition }: TopicPartition, offset: number, bounds: OffsetBounds): PulseError =>
  new PulseError(
    'offset-out-of-range',
    `Offset ${offset} of ${topic}[${partition}] is not among [${bounds.start}, ${bounds.end}], which the log holds.`,
  );

/** Throws `topic-mismatch` where the topic that is there is not the one that is wanted. */
export function checkSameTopic(found: TopicSpec, wanted: TopicSpec): void {
  const [is, should] = [describe(found), describe(wanted)];
  if (is === should) return;
  throw new PulseError('topic-mismatch', `Topic ${wanted.name} is there with ${is}, wanted is ${should}.`);
}

/** Throws `usage` for a topic that no log can hold. */
export function checkTopicSpec({ name, partitions }: TopicSpec): void {
  if (!/^[\w.-]{1,249}$/.test(name)) {
    throw new PulseError('usage', `"${name}" can't be a topic: use up to 249 letters, digits, ".", "_" and "-".`);
  }
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new PulseError('usage', `Topic ${name} needs at least one partition, not ${partitions}.`);
  }
}

const describe = ({ partitions, cleanup }: TopicSpec): string => `${partitions} partitions, ${cleaning(cleanup)}`;

function cleaning(cleanup: Cleanup): string {
  switch (cleanup.kind) {
    case 'compact':
      return 'compacted';
    case 'delete':
      return `kept for ${cleanup.retentionMs} ms`;
    case 'purge':
      return 'kept until purged';
  }
}
