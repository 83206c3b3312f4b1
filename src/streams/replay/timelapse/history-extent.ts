import type { History } from '../history.ts';
import { observedAt } from '../observed-at.ts';
import { readHistory } from '../read-history.ts';

/** When the first and the last quote of a history were seen, milliseconds since the epoch. */
export interface HistoryExtent {
  readonly from: number;
  readonly to: number;
}

/** The last quote is looked for among so many offsets, then among more: a cluster's own records take offsets, too. */
const NEAR_THE_END = 100;

/** Undefined where there are no quotes. It reads the first and the last batch of each partition. */
export async function historyExtent(history: History, partitions: number): Promise<HistoryExtent | undefined> {
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const first = await firstOf(history, partition);
    if (first === undefined) continue;
    firsts.push(first);
    lasts.push((await lastOf(history, partition)) ?? first);
  }
  if (firsts.length === 0) return undefined;
  const from = Math.min(...firsts);
  return { from, to: Math.max(from, ...lasts) };
}

async function firstOf(history: History, partition: number): Promise<number | undefined> {
  for await (const { records } of readHistory(history, partition, history.bounds(partition).start)) {
    const [first] = records;
    if (first !== undefined) return observedAt(first);
  }
  return undefined;
}

async function lastOf(history: History, partition: number): Promise<number | undefined> {
  const { start, end } = history.bounds(partition);
  for (let span = NEAR_THE_END; ; span *= 10) {
    const from = Math.max(start, end - span);
    let last: number | undefined;
    for await (const { records } of readHistory(history, partition, from)) {
      const newest = records.at(-1);
      if (newest !== undefined) last = observedAt(newest);
    }
    if (last !== undefined || from === start) return last;
  }
}
