import type { SchedulerLike } from 'rxjs';
import { sleepOn } from '../clock/sleep.ts';
import type { GroupMember, Log, Membership, PartitionSource, TopicPartition } from '../log/log.ts';
import { inNamespace, type Namespace, type TopicNames } from '../topics.ts';
import { ensurePositions, genesisId } from './genesis.ts';
import { stageGroup } from './stage-group.ts';
import { StageProgress } from './stage-progress.ts';
import type { Stage } from './stage.ts';
import type { CommitPolicy } from './commit-policy.ts';
import type { CommitStep } from './task.ts';
import { TaskSlot } from './task-slot.ts';

export interface RunStagesOptions {
  readonly log: Log;
  readonly namespace: Namespace;
  readonly names: TopicNames;
  readonly partitions: number;
  /** In the order of the flow. */
  readonly stages: readonly Stage[];
  readonly policy: CommitPolicy;
  readonly clock: SchedulerLike;
  readonly onNotice: (what: string) => void;
  /** Told when a task has ended for good, with the error that a person must act on. */
  readonly onHalt: (error: unknown) => void;
  readonly atStep?: (step: CommitStep, task: string) => void;
}

/** The stages at work in this process. */
export interface RunningStages {
  /** The tasks of the partitions that this process owns now. */
  slots(): readonly TaskSlot[];
  /** Whether everything that the inputs hold is processed and committed, by whomever. */
  caughtUp(): Promise<boolean>;
  /** Ends: after committing what is processed, or at once. `ended` runs when the tasks are at an end and still belong here. */
  stop(ending: 'commit' | 'abandon', ended?: () => Promise<void>): Promise<void>;
}

/** Joins each stage's consumer group, and runs a task for every partition that the group gives to this process. */
export async function runStages(options: RunStagesOptions): Promise<RunningStages> {
  const { log, namespace, names, stages, partitions } = options;
  const { positions: positionsTopic } = names;
  const sleep = sleepOn(options.clock);
  await ensurePositions(log, { positionsTopic, transactionalId: genesisId(namespace), stages, partitions, sleep });
  const slots = new Map<string, TaskSlot>();
  const progress = new StageProgress(log, names.positions, stages, partitions);
  const memberships: Membership[] = [];
  for (const stage of stages)
    memberships.push(await log.join(stageGroup(namespace, stage.name), [stage.input], memberOf(options, stage, slots)));
  return {
    slots: () => [...slots.values()],
    caughtUp: () => progress.caughtUp(),
    async stop(ending, ended) {
      await Promise.all([...slots.values()].map((slot) => slot.stop(ending)));
      await ended?.();
      await Promise.all(memberships.map((membership) => membership.leave()));
    },
  };
}

const slotKey = (stage: Stage, partition: number): string => `${stage.name}|${partition}`;

function memberOf(options: RunStagesOptions, stage: Stage, slots: Map<string, TaskSlot>): GroupMember {
  const { namespace, names, clock } = options;
  return {
    assigned(source: PartitionSource) {
      const slot = new TaskSlot({
        ...options,
        stage,
        source,
        group: stageGroup(namespace, stage.name),
        transactionalId: inNamespace(namespace, `pulse-${stage.name}-${source.topic}-${source.partition}`),
        positionsTopic: names.positions,
        sleep: sleepOn(clock),
      });
      slots.set(slotKey(stage, source.partition), slot);
    },
    async revoked({ partition }: TopicPartition) {
      const slot = slots.get(slotKey(stage, partition));
      slots.delete(slotKey(stage, partition));
      await slot?.stop('abandon');
    },
  };
}
