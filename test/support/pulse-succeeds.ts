import { expect } from 'vitest';
import { type Ended, pulse } from './pulse.ts';

/** Runs a command to its end, which must be a good one; else the test fails with what the command has said. */
export async function pulseSucceeds(...[args, environment, tree]: Parameters<typeof pulse>): Promise<Ended> {
  const ended = await pulse(args, environment, tree);
  expect(ended, `${args.join(' ')}: ${ended.stderr}`).toMatchObject({ code: 0 });
  return ended;
}
