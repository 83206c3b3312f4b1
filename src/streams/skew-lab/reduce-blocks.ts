import { aggregateMerge } from './aggregate-work.ts';
import { ExtraMerge } from './extra-work.ts';
import { joinMerge } from './join-work.ts';
import type { Workload } from './lab-spec.ts';
import { readLines } from './shuffle-block.ts';
import type { Reduced, ReduceStep } from './steps.ts';

/** Merges what was fetched of all tasks. */
export function reduceBlocks(workload: Workload, { fetched }: ReduceStep): Pick<Reduced, 'lines' | 'records'> {
  const work = workload === 'aggregate' ? aggregateMerge() : joinMerge();
  const extra = new ExtraMerge();
  for (const { kind, line } of readLines(fetched)) (kind === 'work' ? work : extra).add(line);
  return { lines: [...work.lines(), ...extra.lines()], records: extra.records };
}
