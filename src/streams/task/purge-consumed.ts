import type { SchedulerLike, Subscription } from 'rxjs';
import { every } from '../clock/every.ts';
import type { Log } from '../log/log.ts';
import type { TaskSlot } from './task-slot.ts';

const EVERY_MS = 5_000;

/**
 * Gives up what the stage has processed and nobody else reads: every few seconds, the records of its input below each
 * task's committed position. Until unsubscribed.
 */
export function purgeConsumed(
  log: Log,
  stage: string,
  slots: () => readonly TaskSlot[],
  clock: SchedulerLike,
  onFailure: (error: unknown) => void,
): Subscription {
  const purged = new Map<string, number>();
  const purge = async (): Promise<void> => {
    for (const { task, topic, partition } of slots().filter((slot) => slot.stage === stage)) {
      const below = task.committed;
      if (below <= (purged.get(task.key) ?? 0)) continue;
      await log.purge({ topic, partition }, below);
      purged.set(task.key, below);
    }
  };
  return every(clock, EVERY_MS, purge, onFailure);
}
