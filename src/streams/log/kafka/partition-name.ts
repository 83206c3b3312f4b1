import type { TopicPartition } from '../log.ts';

/** A partition as messages name it; no two have the same name. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}[${partition}]`;
