import { TestScheduler } from 'rxjs/testing';
import { expect, it } from 'vitest';
import { lateWarnings } from '../../src/cli/late-warnings.ts';

/** Warnings, and what has been said of them and when, in the time of a clock that the test moves. */
function warnings(halted?: Promise<never>) {
  const clock = new TestScheduler(() => undefined);
  clock.maxFrames = Infinity;
  const lines: string[] = [];
  const warn = lateWarnings({ clock, out: { say: (line) => lines.push(`${clock.now()} ${line}`) } }, halted);
  const warnAt = (at: number, line: string): void => void clock.schedule(() => warn(line), at);
  return { clock, lines, warnAt };
}

it('are said a second late, and repeated once a minute', () => {
  const { clock, lines, warnAt } = warnings();
  warnAt(0, 'away');
  warnAt(500, 'away');
  warnAt(700, 'full');
  warnAt(60_699, 'full');
  warnAt(60_700, 'full');
  clock.flush();
  expect(lines).toEqual(['1000 away', '1700 full', '61700 full']);
});

it('are not said any more once the command has failed', async () => {
  const halted = Promise.reject(new Error('it failed'));
  const { clock, lines, warnAt } = warnings(halted);
  warnAt(0, 'before');
  await halted.catch(() => undefined);
  warnAt(0, 'after');
  clock.flush();
  expect(lines).toEqual([]);
});
