import type { LogRecord } from '../../log/record.ts';
import type { RecordBatch } from '../../log/log.ts';
import type { History } from '../history.ts';
import { observedAt } from '../observed-at.ts';
import { readHistory } from '../read-history.ts';

/** A quote of a history, and where it lies. */
export interface HistoryQuote {
  readonly partition: number;
  readonly record: LogRecord;
  /** When it was seen, milliseconds since the epoch. */
  readonly time: number;
}

/** A run is no longer than this: it is committed in one step where all of it is due at once. */
const MOST_QUOTES = 2_000;
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * The quotes of all partitions from the given offsets on, in the order in which they were seen, in runs; in memory that holds a batch
 * of each partition. Within a partition their order stays: where one was seen before its predecessor, the predecessor goes with
 * it, so that a stray date holds nobody up.
 */
export async function* mergeHistory(
  history: History,
  offsets: readonly number[],
): AsyncGenerator<readonly HistoryQuote[]> {
  const cursors = offsets.map((from, partition) => new Cursor(partition, readHistory(history, partition, from)));
  try {
    for (;;) {
      for (const cursor of cursors) await cursor.fill();
      const run = nextRun(cursors);
      if (run.length === 0) return;
      yield run;
    }
  } finally {
    for (const cursor of cursors) await cursor.end();
  }
}

function nextRun(cursors: readonly Cursor[]): readonly HistoryQuote[] {
  const run: HistoryQuote[] = [];
  let bytes = 0;
  while (run.length < MOST_QUOTES && bytes < MOST_BYTES && cursors.every(({ isReady }) => isReady)) {
    let first: Cursor | undefined;
    for (const cursor of cursors)
      if (!cursor.isEmpty && (first === undefined || cursor.due < first.due)) first = cursor;
    if (first === undefined) return run;
    const quote = first.take();
    bytes += quote.record.value?.length ?? 0;
    run.push(quote);
  }
  return run;
}

/** One partition's next quotes. */
class Cursor {
  readonly #partition: number;
  readonly #batches: AsyncGenerator<RecordBatch>;
  #quotes: readonly HistoryQuote[] = [];
  #at = 0;
  #isEnded = false;

  constructor(partition: number, batches: AsyncGenerator<RecordBatch>) {
    this.#partition = partition;
    this.#batches = batches;
  }

  /** Whether its next quote, and the one behind that, are here, or there are no more. */
  get isReady(): boolean {
    return this.#isEnded || this.#at + 1 < this.#quotes.length;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#quotes.length;
  }

  /** When its next quote is to come. */
  get due(): number {
    const time = this.#quotes[this.#at]?.time ?? Infinity;
    return Math.min(time, this.#quotes[this.#at + 1]?.time ?? time);
  }

  take(): HistoryQuote {
    const quote = this.#quotes[this.#at];
    if (quote === undefined) throw new RangeError(`partition ${this.#partition} has no more quotes`);
    this.#at += 1;
    return quote;
  }

  async fill(): Promise<void> {
    while (!this.isReady) {
      const read = await this.#batches.next();
      if (read.done === true) this.#isEnded = true;
      else {
        const come = read.value.records.map((record) => this.#quote(record));
        this.#quotes = [...this.#quotes.slice(this.#at), ...come];
        this.#at = 0;
      }
    }
  }

  async end(): Promise<void> {
    await this.#batches.return(undefined);
  }

  #quote(record: LogRecord): HistoryQuote {
    return { partition: this.#partition, record, time: observedAt(record) };
  }
}
