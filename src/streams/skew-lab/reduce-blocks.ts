import { aggregateMerge } from './aggregate-work.ts';
import { ExtraMerge } from './extra-work.ts';
import { joinMerge } from './join-work.ts';
import type { Workload } from './lab-spec.ts';
import { readBlocks } from './shuffle-block.ts';
import type { Reduced, ReduceStep } from './steps.ts';

/** Merges what all tasks have handed on for the partitions of the step. */
export function reduceBlocks(workload: Workload, { blocks, from, to }: ReduceStep): Pick<Reduced, 'lines' | 'records'> {
  const work = workload === 'aggregate' ? aggregateMerge() : joinMerge();
  const extra = new ExtraMerge();
  for (const { kind, line } of readBlocks(blocks, from, to)) (kind === 'work' ? work : extra).add(line);
  return { lines: [...work.lines(), ...extra.lines()], records: extra.records };
}
