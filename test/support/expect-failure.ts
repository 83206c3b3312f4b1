import { expect } from 'vitest';
import type { Ended } from './pulse.ts';

/** Expects that a command failed as every command fails: with its exit code, and one line on stderr that says why. */
export function expectFailure(ended: Ended, code: 1 | 2, why: RegExp): void {
  expect(ended.stderr).toMatch(/^pulse: [^\n]+\n$/);
  expect(ended.stderr).toMatch(why);
  expect(ended.stderr).not.toMatch(/undefined|\[object|unexpected:|E[A-Z]{4,}:/);
  expect(ended).toMatchObject({ code, stdout: '' });
}
