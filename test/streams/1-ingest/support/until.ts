import { setTimeout } from 'node:timers/promises';

/** Resolves when the claim holds; the test's own timeout ends the wait. */
export async function until(claim: () => boolean): Promise<void> {
  while (!claim()) await setTimeout(1);
}
