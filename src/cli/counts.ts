import { readStagePosition } from '../streams/task/positions.ts';
import type { NamespaceLog } from './namespace-log.ts';

/** What became of every record that stage 1 has taken in. */
export interface Counts {
  /** Counted where they come in, apart from what becomes of them. */
  readonly records: number;
  readonly ticks: number;
  readonly noQuote: number;
  readonly deadLetters: number;
}

/** Sums the counts that stage 1 keeps with its positions. */
export async function readCounts({ log, names, partitions }: NamespaceLog): Promise<Counts> {
  let counts: Counts = { records: 0, ticks: 0, noQuote: 0, deadLetters: 0 };
  for (let partition = 0; partition < partitions; partition++) {
    const at = { topic: names.markets, partition };
    const position = await readStagePosition(log, names.positions, 'combine', at);
    if (position === undefined) continue;
    const { carried } = position;
    counts = {
      records: counts.records + Number(carried.records ?? 0),
      ticks: counts.ticks + Number(carried.ticks ?? 0),
      noQuote: counts.noQuote + Number(carried.no_quote ?? 0),
      deadLetters: counts.deadLetters + Number(carried.dead_letters ?? 0),
    };
  }
  return counts;
}
