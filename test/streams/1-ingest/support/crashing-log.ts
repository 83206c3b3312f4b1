import type { Log } from '../../../../src/streams/log/log.ts';
import { aroundCommits } from './around-commits.ts';

/** What the process dies of. */
export class Crash extends Error {}

/**
 * The log as a process sees it that dies at a commit: the one with this number (from 0 on) is lost, or done but not
 * acknowledged, and nothing more is done.
 */
export function crashingLog(log: Log, at: number, isDone: boolean): Log {
  let commits = 0;
  return aroundCommits(log, async (commit) => {
    const number = commits++;
    if (number < at) return commit();
    if (number === at && isDone) await commit();
    throw new Crash(`at commit ${at}`);
  });
}
