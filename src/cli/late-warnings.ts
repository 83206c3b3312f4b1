import type { Context } from './context.ts';

const LATE_MS = 1_000;
const REPEATED_AFTER_MS = 60_000;

/**
 * Says warnings a second late, and one that repeats itself once a minute: where the whole command fails of the same thing,
 * the line that it ends with is the only one.
 */
export function lateWarnings({ clock, out }: Context): (line: string) => void {
  let last: { readonly line: string; readonly at: number } | undefined;
  return (line) => {
    const at = clock.now();
    if (last?.line === line && at - last.at < REPEATED_AFTER_MS) return;
    last = { line, at };
    clock.schedule(() => out.say(line), LATE_MS);
  };
}
