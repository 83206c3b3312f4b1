import { map, mergeMap, type Observable, type OperatorFunction } from 'rxjs';
import { divertRejected, type RejectedRecord } from './2-bronze/divert-rejected.ts';
import { combineTicks } from './3-silver/combine-ticks.ts';
import type { AcceptedPartial } from './3-silver/hour-row.ts';
import type { HourState } from './3-silver/hour-state.ts';
import { type MaintainSpec, maintainHours } from './3-silver/maintain-hours.ts';
import { parseQuotes } from './3-silver/parse-quotes.ts';
import type { QuoteCounts } from './3-silver/quote-counts.ts';
import type { QuoteOutcome } from './3-silver/quote-outcome.ts';
import { readPartials } from './3-silver/read-partials.ts';
import { type GoldChange, type GoldSpec, rollWindows } from './4-gold/roll-windows.ts';
import type { OutputRecord } from './log/log.ts';
import type { AddressedBundle, HotPartition } from './hot-keys/hot-partition.ts';
import { forwardHot } from './hot-keys/forward-hot.ts';
import { readBundles, type ReadBundle } from './hot-keys/read-bundles.ts';
import type { LogRecord } from './log/record.ts';

/*
 *  CoinGecko ─┐
 *  recorded  ─┼─► coingecko.markets ─► combine ─┬─► pulse.partials ─► maintain ─┬─► pulse.prices_hourly   (Silver)
 *  simulated ─┘                          │      │                               ├─► pulse.features_hourly (Gold)
 *                               hot keys ▼      │                               └─► pulse.top_movers_24h  (Gold)
 *                                    pulse.hot ─► combine-hot
 *
 * Each stage runs as one task per partition of its input. `commit` fires when the task commits: what a stage emits up to
 * then is one transaction, together with the task's position. Nothing in here awaits, and nothing is random: the tables
 * that come out depend on the records alone, not on where the commits fall, nor on which way a record takes.
 */

/** Stage 1: quotes in; at each commit one partial per coin and hour out. No durable state. */
export const combine = (
  parts: CombineParts & ForwardParts,
  commit: Observable<unknown>,
): OperatorFunction<LogRecord, OutputRecord> =>
  forwardHot(parts.hot, parts.toBundle, commit, combineQuotes(parts, commit)); // hot keys' records -> bundles, unparsed

/** Stage 1 for records of hot keys: bundles in, and out what would have come out where they came in. */
export const combineForwarded = (
  parts: CombineParts,
  commit: Observable<unknown>,
): OperatorFunction<LogRecord, OutputRecord> => {
  const quotes = (bundles: Observable<ReadBundle>) =>
    bundles.pipe(
      mergeMap(({ records }) => records),
      combineQuotes(parts, commit),
    );
  return (bundles) =>
    bundles.pipe(
      readBundles(), //                              bytes -> records or rejected
      divertRejected(parts.toDeadLetter, quotes), //       -> records
    );
};

/** Stage 1 without any detour. */
export const combineQuotes = (
  parts: CombineParts,
  commit: Observable<unknown>,
): OperatorFunction<LogRecord, OutputRecord> => {
  const partials = (combined: Observable<AcceptedPartial>) => combined.pipe(map(parts.toPartial));
  return (records) =>
    records.pipe(
      parseQuotes(parts.parse), //                    bytes -> tick, no quote or rejected
      combineTicks(parts.counts, commit), //          ticks -> partials
      divertRejected(parts.toDeadLetter, partials), //      -> records
    );
};

/** Stage 2: partials in; at each commit the changed rows of the three tables out. */
export const maintain = (
  parts: MaintainParts,
  commit: Observable<unknown>,
): OperatorFunction<LogRecord, OutputRecord> => {
  const tables = (partials: Observable<AcceptedPartial>) =>
    partials.pipe(
      maintainHours(parts.spec, parts.state, commit), // partials      -> changed hours        (Silver)
      rollWindows(parts.gold, parts.state.hours), //     changed hours -> the rows they reach  (Gold)
      parts.toRows, //                                                 -> records
    );
  return (records) =>
    records.pipe(
      readPartials(), //                             bytes -> partial or rejected
      divertRejected(parts.toDeadLetter, tables), //       -> records
    );
};

/** What stage 1 is put together from. */
export interface CombineParts {
  readonly parse: (record: LogRecord) => QuoteOutcome;
  readonly counts: QuoteCounts;
  readonly toPartial: (combined: AcceptedPartial) => OutputRecord;
  readonly toDeadLetter: (rejected: RejectedRecord) => OutputRecord;
}

/** And what it forwards with. */
export interface ForwardParts {
  readonly hot: HotPartition;
  readonly toBundle: (bundle: AddressedBundle) => OutputRecord;
}

/** What stage 2 is put together from. */
export interface MaintainParts {
  readonly spec: MaintainSpec;
  readonly gold: GoldSpec;
  readonly state: HourState;
  readonly toRows: OperatorFunction<GoldChange, OutputRecord>;
  readonly toDeadLetter: (rejected: RejectedRecord) => OutputRecord;
}
