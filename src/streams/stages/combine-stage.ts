import { deadLetter } from '../2-bronze/dead-letter.ts';
import { encodePartial } from '../3-silver/hour-json.ts';
import type { AcceptedPartial } from '../3-silver/hour-row.ts';
import { createQuoteParser } from '../3-silver/parse-quote.ts';
import type { QuoteCounts } from '../3-silver/quote-counts.ts';
import type { OutputRecord } from '../log/log.ts';
import { createPartitioner } from '../log/partitioner.ts';
import { combine } from '../pipeline.ts';
import type { Carried } from '../task/positions.ts';
import type { Stage, StagePartition } from '../task/stage.ts';
import type { TopicNames } from '../topics.ts';
import { combineShape } from './flow.ts';

export interface CombineStageOptions {
  readonly names: TopicNames;
  /** Of every topic. */
  readonly partitions: number;
  /** How far an event time may lie ahead of its observation, in milliseconds. */
  readonly futureToleranceMs: number;
}

/** Stage 1 as tasks run it. It keeps nothing but its counts, which travel with its position. */
export const combineStage = (options: CombineStageOptions): Stage => ({
  ...combineShape(options.names),
  open: (partition) => openCombine(options, partition),
});

function openCombine(options: CombineStageOptions, partition: number): StagePartition {
  const { names } = options;
  const counts: QuoteCounts = { records: 0, ticks: 0, no_quote: 0, dead_letters: 0 };
  const parse = createQuoteParser(options);
  const partitionOfCoin = createPartitioner(options.partitions);
  const toPartial = ({ partial }: AcceptedPartial): OutputRecord => ({
    topic: names.partials,
    partition: partitionOfCoin(partial.coinId),
    key: partial.coinId,
    value: encodePartial(partial),
  });
  return {
    recover(carried) {
      for (const name of ['records', 'ticks', 'no_quote', 'dead_letters'] as const)
        counts[name] = countOf(carried, name);
      return Promise.resolve(false);
    },
    operators: (commit) =>
      combine(
        {
          parse: (record) => {
            counts.records++;
            return parse(record);
          },
          counts,
          toPartial,
          toDeadLetter: (rejected) =>
            deadLetter(names.deadLetters, rejected.record, { topic: names.markets, partition }, rejected),
        },
        commit,
      ),
    carried: () => ({ ...counts }),
    committed: () => Promise.resolve(),
  };
}

const countOf = (carried: Carried, name: string): number => Number(carried[name] ?? 0);
