import type { SchedulerLike } from 'rxjs';
import type { Out } from './context.ts';

const LATE_MS = 1_000;
const REPEATED_AFTER_MS = 60_000;

/**
 * Says warnings a second late, and one that repeats itself once a minute; none any more once `halted` has rejected: where the
 * whole command fails of the same thing, the line that it ends with is the only one, however long it takes to end.
 */
export function lateWarnings(
  { clock, out }: { readonly clock: SchedulerLike; readonly out: Pick<Out, 'say'> },
  halted?: Promise<never>,
): (line: string) => void {
  let isOver = false;
  halted?.catch(() => (isOver = true));
  let last: { readonly line: string; readonly at: number } | undefined;
  return (line) => {
    const at = clock.now();
    if (last?.line === line && at - last.at < REPEATED_AFTER_MS) return;
    last = { line, at };
    clock.schedule(() => isOver || out.say(line), LATE_MS);
  };
}
