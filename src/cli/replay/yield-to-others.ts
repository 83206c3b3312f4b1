import { constants, setPriority } from 'node:os';

/**
 * Gives way to whatever else wants the processor: live work goes on undisturbed beside it, and where nobody does, nothing is
 * slower. Threads that this process makes from now on do the same.
 */
export function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A system that has no priorities, or allows none, runs it as any other.
  }
}
