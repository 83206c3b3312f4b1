import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives way to whatever else wants the processor: live work goes on undisturbed beside it, and where nobody does, nothing is
 * slower. The earlier the better: what a command loads costs a second of a processor.
 */
export function yieldToOthers(): void {
  for (const thread of ownThreads()) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // A thread that has ended meanwhile; or a system that has no priorities, or allows none, and runs it as any other.
    }
  }
}

/**
 * On Linux a priority is a thread's, which those that it makes take over: those that collect garbage and compile are there
 * from the start. Elsewhere it is the process's.
 */
function ownThreads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}
