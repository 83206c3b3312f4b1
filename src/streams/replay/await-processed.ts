import type { Sleep } from '../clock/sleep.ts';
import type { Log } from '../log/log.ts';
import { flow } from '../stages/flow.ts';
import { readStagePosition } from '../task/positions.ts';
import type { TopicNames } from '../topics.ts';
import type { FrozenInput } from './frozen-input.ts';

const LOOK_EVERY_MS = 100;

/**
 * Resolves when the stages of the namespace have processed its quotes up to a replay's end, and all that came of them: true, or
 * false where they have not after so many milliseconds, or the signal aborts.
 */
export async function awaitProcessed(
  log: Log,
  names: TopicNames,
  input: FrozenInput,
  wait: { readonly sleep: Sleep; readonly ms: number; readonly signal: AbortSignal },
): Promise<boolean> {
  let ends = input.ranges.map(({ end }) => end);
  let left = wait.ms;
  for (const { name, input: topic } of flow(names)) {
    // What the stage before has committed by now is all that matters of it.
    if (topic !== names.markets)
      ends = await Promise.all(ends.map(async (_, partition) => (await log.bounds({ topic, partition })).end));
    for (const [partition, end] of ends.entries())
      while (((await readStagePosition(log, names.positions, name, { topic, partition }))?.offset ?? 0) < end) {
        if (left <= 0 || wait.signal.aborted) return false;
        left -= LOOK_EVERY_MS;
        await wait.sleep(LOOK_EVERY_MS, wait.signal);
      }
  }
  return true;
}
