import type { Codec } from '../../../src/streams/log/kafka/codecs.ts';
import type { TopicNames } from '../../../src/streams/topics.ts';

/** What an instance is told to process. */
export interface InstanceOrders {
  readonly brokers: readonly string[];
  readonly codec: Codec;
  readonly namespace: string;
  readonly names: TopicNames;
  readonly partitions: number;
  readonly intervalMs: number;
}

/** What it says when everything is committed: the seconds of processor time that it took. */
export interface FromInstance {
  readonly cpu: number;
}
