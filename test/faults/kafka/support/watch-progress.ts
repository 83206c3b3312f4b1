import { onTestFinished } from 'vitest';
import { openKafkaLog } from '../../../../src/streams/log/kafka/kafka-log.ts';
import { flow } from '../../../../src/streams/stages/flow.ts';
import { StageProgress } from '../../../../src/streams/task/stage-progress.ts';
import { topicNames } from '../../../../src/streams/topics.ts';
import { eventually } from './eventually.ts';
import type { KafkaNamespace } from './kafka-namespace.ts';

/** How far the stages of a namespace have come, whoever runs them. */
export interface Progress {
  /** Resolves when everything that the inputs hold is processed. */
  caughtUp(withinMs?: number): Promise<void>;
}

/** Watches from outside, until the test is over. */
export async function watchProgress({ brokers, name }: KafkaNamespace, partitions = 4): Promise<Progress> {
  const log = await openKafkaLog({ brokers });
  onTestFinished(() => log.close());
  const names = topicNames(name);
  const progress = new StageProgress(log, names.positions, flow(names), partitions);
  return {
    caughtUp: (withinMs) => eventually('everything is processed', () => progress.caughtUp(), withinMs),
  };
}
