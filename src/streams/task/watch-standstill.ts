import type { SchedulerLike, Subscription } from 'rxjs';
import { every } from '../clock/every.ts';
import type { Log } from '../log/log.ts';
import type { TaskSlot } from './task-slot.ts';

export interface WatchStandstillOptions {
  readonly log: Log;
  readonly slots: () => readonly TaskSlot[];
  readonly clock: SchedulerLike;
  /** Told when the ends of the inputs can't be had. */
  readonly onFailure: (error: unknown) => void;
}

const LOOK_EVERY_MS = 5_000;
/** Longer than any commit, any retry inside of the log and any rebalance may take. */
const PATIENCE_MS = 30_000;

/**
 * Notices a task at work whose position stands still while its input goes on behind it, and restarts it: a client of a log
 * can hold a partition and fetch nothing for ever (kafkajs issue 1456). Until unsubscribed.
 */
export function watchStandstill(options: WatchStandstillOptions): Subscription {
  const { clock, slots, onFailure } = options;
  let watched = new Map<TaskSlot, Standing>();
  const look = async (): Promise<void> => {
    const found = new Map<TaskSlot, Standing>();
    for (const slot of slots()) found.set(slot, await standingOf(options, slot, watched.get(slot)));
    watched = found;
  };
  return every(clock, LOOK_EVERY_MS, look, onFailure);
}

/** Where a task stands, and since when with something left to do. */
interface Standing {
  readonly committed: number;
  readonly since: number;
}

async function standingOf(
  { log, clock }: WatchStandstillOptions,
  slot: TaskSlot,
  before: Standing | undefined,
): Promise<Standing> {
  const { topic, partition, task } = slot;
  const { end } = await log.bounds({ topic, partition });
  const { committed, isAtWork } = task;
  const now = clock.now();
  const isWaiting = isAtWork && committed < end && committed === before?.committed;
  if (!isWaiting) return { committed, since: now };
  if (now - before.since < PATIENCE_MS) return before;
  slot.restart(`it has stood still at offset ${committed} for ${PATIENCE_MS / 1000} s, and its input ends at ${end}`);
  return { committed, since: now };
}
