import { combineHotShape, combineShape } from '../streams/stages/flow.ts';
import { type Carried, readStagePosition } from '../streams/task/positions.ts';
import type { StageShape } from '../streams/task/stage.ts';
import type { NamespaceLog } from './namespace-log.ts';

/** What became of every record that stage 1 has taken in. */
export interface Counts {
  /** Counted where they come in, apart from what becomes of them. */
  readonly records: number;
  readonly ticks: number;
  readonly noQuote: number;
  readonly deadLetters: number;
  /** Sent on to be worked on elsewhere, where it is still to be done. */
  readonly underWay: number;
}

/** Sums the counts that both ways through stage 1 keep with their positions. */
export async function readCounts({ log, names, partitions }: NamespaceLog): Promise<Counts> {
  const sums = { records: 0, ticks: 0, no_quote: 0, dead_letters: 0, forwarded: 0, taken: 0 };
  for (let partition = 0; partition < partitions; partition++) {
    const carriedBy = async ({ name, input }: StageShape): Promise<Carried> =>
      (await readStagePosition(log, names.positions, name, { topic: input, partition }))?.carried ?? {};
    const here = await carriedBy(combineShape(names));
    const there = await carriedBy(combineHotShape(names));
    for (const name of ['ticks', 'no_quote', 'dead_letters'] as const)
      sums[name] += Number(here[name] ?? 0) + Number(there[name] ?? 0);
    sums.records += Number(here.records ?? 0);
    sums.forwarded += Number(here.forwarded ?? 0);
    sums.taken += Number(there.records ?? 0);
  }
  const { records, ticks, no_quote: noQuote, dead_letters: deadLetters, forwarded, taken } = sums;
  return { records, ticks, noQuote, deadLetters, underWay: forwarded - taken };
}
