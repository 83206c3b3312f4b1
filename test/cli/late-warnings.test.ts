import { TestScheduler } from 'rxjs/testing';
import { expect, it } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { lateWarnings } from '../../src/cli/late-warnings.ts';

/** What warnings at these milliseconds come to, and when. */
function said(warnings: readonly (readonly [number, string])[], halted?: Promise<never>): readonly string[] {
  const clock = new TestScheduler(() => undefined);
  clock.maxFrames = Infinity;
  const lines: string[] = [];
  const out = { say: (line: string) => lines.push(`${clock.now()} ${line}`) };
  const warn = lateWarnings({ clock, out } as unknown as Context, halted);
  for (const [at, line] of warnings) clock.schedule(() => warn(line), at);
  clock.flush();
  return lines;
}

it('are said a second late, and repeated once a minute', () => {
  const lines = said([
    [0, 'away'],
    [500, 'away'],
    [700, 'full'],
    [60_699, 'full'],
    [60_700, 'full'],
  ]);
  expect(lines).toEqual(['1000 away', '1700 full', '61700 full']);
});

it('are not said any more once the command has failed', async () => {
  const halted = Promise.reject(new Error('it failed'));
  const lines: string[] = [];
  const pending: (() => void)[] = [];
  const clock = { now: () => 0, schedule: (work: () => void) => pending.push(work) };
  const warn = lateWarnings({ clock, out: { say: (line: string) => lines.push(line) } } as unknown as Context, halted);
  warn('before');
  await halted.catch(() => undefined);
  warn('after');
  for (const work of pending) work();
  expect([pending.length, lines]).toEqual([2, []]);
});
