import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Resolves when the claim holds; rejects with what was waited for where it does not within that time. */
export async function eventually(
  what: string,
  claim: () => boolean | Promise<boolean>,
  withinMs = 180_000,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await claim())) {
    if (Date.now() > until) throw new Error(`${withinMs / 1000} s were not enough until ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
