import { deadLetter } from '../2-bronze/dead-letter.ts';
import type { RejectedRecord } from '../2-bronze/divert-rejected.ts';
import { encodePartial } from '../3-silver/hour-json.ts';
import { createQuoteParser } from '../3-silver/parse-quote.ts';
import type { QuoteCounts } from '../3-silver/quote-counts.ts';
import type { TopicPartition } from '../log/log.ts';
import { createPartitioner } from '../log/partitioner.ts';
import type { CombineParts } from '../pipeline.ts';
import type { TopicNames } from '../topics.ts';

export interface CombineStageOptions {
  readonly names: TopicNames;
  /** Of every topic. */
  readonly partitions: number;
  /** How far an event time may lie ahead of its observation, in milliseconds. */
  readonly futureToleranceMs: number;
}

/**
 * What both ways through stage 1 are put together from. `cameFrom`: where a record that can't be used came in. `onPartial`: told
 * how many ticks of a coin went into each partial.
 */
export function combineParts(
  options: CombineStageOptions,
  counts: QuoteCounts,
  cameFrom: (rejected: RejectedRecord) => TopicPartition,
  onPartial: (coinId: string, ticks: number) => void,
): CombineParts {
  const { names } = options;
  const parse = createQuoteParser(options);
  const partitionOfCoin = createPartitioner(options.partitions);
  return {
    counts,
    parse: (record) => {
      counts.records++;
      return parse(record);
    },
    toPartial: ({ partial }) => {
      onPartial(partial.coinId, partial.observations);
      return {
        topic: names.partials,
        partition: partitionOfCoin(partial.coinId),
        key: partial.coinId,
        value: encodePartial(partial),
      };
    },
    toDeadLetter: (rejected) => deadLetter(names.deadLetters, rejected.record, cameFrom(rejected), rejected),
  };
}
