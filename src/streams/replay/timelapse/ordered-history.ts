import type { RecordBatch } from '../../log/log.ts';
import type { History } from '../history.ts';
import { observedAt } from '../observed-at.ts';
import { readHistory } from '../read-history.ts';
import { ExtentFinder, type HistoryExtent } from './history-extent.ts';
import { comparePlaces, type HistoryQuote, type QuotePlace } from './history-quote.ts';
import { LogOrder } from './log-order.ts';
import { mergeQuotes } from './merge-quotes.ts';
import { SortedRuns } from './sorted-runs.ts';

export interface OrderOptions {
  readonly history: History;
  readonly partitions: number;
  /** Where a file is made of what lies out of order, if anything does. */
  readonly folder: string;
  /** Told of each batch that is put in order. */
  readonly onBatch: (batch: RecordBatch) => void;
  /** Ends {@link OrderedHistory.open}, with what has been read until then. */
  readonly signal: AbortSignal;
}

/**
 * A history's quotes in the order in which they were seen, whatever order they came in: a shuffled file, a backfill behind
 * what is newer, two recordings in one topic.
 *
 * ```
 *  partition 0   1  4  5  2  6 ──── as they lie ────── 1  4  5  6 ─┐
 *  partition 1   3  7  7  8    ──── as they lie ────── 3  7  7  8 ─┼─ merged: 1 2 3 4 5 6 7 7 8
 *                         └─ out of order: sorted runs on disk  2 ─┘
 * ```
 *
 * What lies in order is read from the log as it is played, so that a history in order costs no disk, and no time but that of one
 * look at it (1.5 s of a processor for a million quotes; to copy and sort them all takes six times as much). What does not is copied.
 */
export class OrderedHistory {
  readonly #history: History;
  readonly #partitions: number;
  readonly #outOfOrder: SortedRuns;
  readonly #extent = new ExtentFinder();

  private constructor({ history, partitions, folder }: OrderOptions) {
    this.#history = history;
    this.#partitions = partitions;
    this.#outOfOrder = new SortedRuns(folder);
  }

  /** Looks at every quote once. Whoever opens it closes it. */
  static async open(options: OrderOptions): Promise<OrderedHistory> {
    const ordered = new OrderedHistory(options);
    try {
      for (let partition = 0; partition < options.partitions; partition++) await ordered.#look(partition, options);
    } catch (error) {
      await ordered.close();
      throw error;
    }
    return ordered;
  }

  /** Undefined where there are no quotes. All are looked at: a backfill lies behind quotes that are newer. */
  get extent(): HistoryExtent | undefined {
    return this.#extent.extent;
  }

  /** All quotes behind that place, or all, in runs; in memory that holds a batch of each partition, and a part of each sorted run. */
  async *quotes(after?: QuotePlace): AsyncGenerator<readonly HistoryQuote[]> {
    const inOrder = Array.from({ length: this.#partitions }, (_, partition) => this.#inOrder(partition));
    for await (const run of mergeQuotes([...inOrder, ...(await this.#outOfOrder.read())])) {
      // Which quotes lie in order can only be told from the beginning.
      const left = after === undefined ? run : run.filter((quote) => comparePlaces(quote, after) > 0);
      if (left.length > 0) yield left;
    }
  }

  async close(): Promise<void> {
    await this.#outOfOrder.close();
  }

  async #look(partition: number, { onBatch, signal }: OrderOptions): Promise<void> {
    const order = new LogOrder();
    for await (const batch of this.#read(partition)) {
      if (signal.aborted) return;
      for (const record of batch.records) this.#extent.add(record);
      const outOfOrder = quotesOf(batch).filter(({ time }) => !order.holds(time));
      if (outOfOrder.length > 0) await this.#outOfOrder.add(outOfOrder);
      onBatch(batch);
    }
  }

  async *#inOrder(partition: number): AsyncGenerator<readonly HistoryQuote[]> {
    const order = new LogOrder();
    for await (const batch of this.#read(partition)) yield quotesOf(batch).filter(({ time }) => order.holds(time));
  }

  #read(partition: number): AsyncGenerator<RecordBatch> {
    return readHistory(this.#history, partition, this.#history.bounds(partition).start);
  }
}

const quotesOf = ({ partition, records }: RecordBatch): readonly HistoryQuote[] =>
  records.map((record) => ({ time: observedAt(record), partition, offset: record.offset, record }));
