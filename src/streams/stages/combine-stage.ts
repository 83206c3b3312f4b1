import type { QuoteCounts } from '../3-silver/quote-counts.ts';
import type { HotKeys } from '../hot-keys/hot-keys.ts';
import type { AddressedBundle } from '../hot-keys/hot-partition.ts';
import type { OutputRecord } from '../log/log.ts';
import { combine } from '../pipeline.ts';
import type { Stage, StagePartition } from '../task/stage.ts';
import { carriedCounts } from './carried-counts.ts';
import { combineParts, type CombineStageOptions } from './combine-parts.ts';
import { combineShape } from './flow.ts';

/** How many of the keys that come in most a task tells of. */
const TOLD = 8;

/** Stage 1 as tasks run it. It keeps nothing but its counts, which travel with its position. */
export const combineStage = (options: CombineStageOptions, hotKeys: HotKeys): Stage => ({
  ...combineShape(options.names),
  open: (partition) => openCombine(options, hotKeys, partition),
});

function openCombine(options: CombineStageOptions, hotKeys: HotKeys, partition: number): StagePartition {
  const { names } = options;
  const counts: QuoteCounts = { records: 0, ticks: 0, no_quote: 0, dead_letters: 0 };
  const hot = hotKeys.at(partition);
  let forwarded = 0;
  const here = { topic: names.markets, partition };
  const parts = combineParts(
    options,
    counts,
    () => here,
    (coinId, ticks) => hot.count(coinId, ticks),
  );
  const toBundle = ({ lane, bundle, records }: AddressedBundle): OutputRecord => {
    forwarded += records;
    counts.records += records;
    return {
      topic: names.hot,
      partition: lane,
      key: null,
      value: bundle,
      headers: { source: `${names.markets}|${partition}` },
    };
  };
  return {
    recover({ carried }) {
      Object.assign(counts, carriedCounts(carried));
      forwarded = Number(carried.forwarded ?? 0);
      return Promise.resolve(undefined);
    },
    operators: (commit) => combine({ ...parts, hot, toBundle }, commit),
    carried: () => ({ ...counts, forwarded }),
    committed: () => Promise.resolve(),
    told() {
      const { total, keys } = hot.heaviest();
      const { salted, decision } = hot;
      return { forwarded, horizon: total, heaviest: keys.slice(0, TOLD), salted, ...(decision && { decision }) };
    },
  };
}
