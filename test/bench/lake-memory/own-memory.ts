import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/**
 * The most memory of its own that a process holds until it ends, in megabytes: resident, without the pages of mapped files,
 * which the system takes back when it likes. Looked at from outside: a process that works has no time to look at itself.
 */
export async function mostMemory(pid: number, ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = ended.then(
    () => void (isOver = true),
    () => void (isOver = true),
  );
  let most = 0;
  while (!isOver) {
    most = Math.max(most, megabytes(pid));
    await Promise.race([sleep(LOOK_EVERY_MS), over]);
  }
  return most;
}

function megabytes(pid: number): number {
  try {
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}
