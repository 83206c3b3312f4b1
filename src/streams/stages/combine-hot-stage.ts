import type { QuoteCounts } from '../3-silver/quote-counts.ts';
import { BundledRecord } from '../hot-keys/bundled-record.ts';
import { combineForwarded } from '../pipeline.ts';
import type { Stage, StagePartition } from '../task/stage.ts';
import { carriedCounts } from './carried-counts.ts';
import { combineParts, type CombineStageOptions } from './combine-parts.ts';
import { combineHotShape } from './flow.ts';

/** Stage 1 at work on records that were forwarded, wherever they came in. Nothing of it is forwarded again. */
export const combineHotStage = (options: CombineStageOptions): Stage => ({
  ...combineHotShape(options.names),
  open: (partition) => openCombineHot(options, partition),
});

function openCombineHot(options: CombineStageOptions, partition: number): StagePartition {
  const { names } = options;
  const counts: QuoteCounts = { records: 0, ticks: 0, no_quote: 0, dead_letters: 0 };
  const here = { topic: names.hot, partition };
  const parts = combineParts(
    options,
    counts,
    ({ record }) => (record instanceof BundledRecord ? { topic: names.markets, partition: record.partition } : here),
    () => undefined,
  );
  return {
    recover({ carried }) {
      Object.assign(counts, carriedCounts(carried));
      return Promise.resolve(undefined);
    },
    operators: (commit) => combineForwarded(parts, commit),
    carried: () => ({ ...counts }),
    committed: () => Promise.resolve(),
    told: () => ({ unbundled: counts.records }),
  };
}
