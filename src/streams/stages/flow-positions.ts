import type { SchedulerLike } from 'rxjs';
import { sleepOn } from '../clock/sleep.ts';
import type { Log } from '../log/log.ts';
import { ensurePositions, genesisId } from '../task/genesis.ts';
import { type Namespace, topicNames, type TopicNames } from '../topics.ts';
import { flow } from './flow.ts';

/** The first positions of a namespace's stages, where they never ran; its topics exist. */
export const ensureFlowPositions = (
  log: Log,
  namespace: Namespace,
  partitions: number,
  clock: SchedulerLike,
  names: TopicNames = topicNames(namespace),
): Promise<void> =>
  ensurePositions(log, {
    positionsTopic: names.positions,
    transactionalId: genesisId(namespace),
    stages: flow(names),
    partitions,
    sleep: sleepOn(clock),
  });
