import { comparePlaces, type HistoryQuote } from './history-quote.ts';

/** A run is no longer than this: it is committed in one step where all of it is due at once. */
const MOST_QUOTES = 2_000;
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * The quotes of all sources in the order of their places, in runs, where each source has its own in that order; in memory that holds a
 * batch of each.
 */
export async function* mergeQuotes(
  sources: readonly AsyncGenerator<readonly HistoryQuote[]>[],
): AsyncGenerator<readonly HistoryQuote[]> {
  const queue: Cursor[] = [];
  try {
    for (const source of sources) await enqueue(queue, new Cursor(source));
    let run: HistoryQuote[] = [];
    let bytes = 0;
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const quote = first.take();
      run.push(quote);
      bytes += quote.record.value?.length ?? 0;
      if (first.isEmpty) await enqueue(queue, first);
      else insert(queue, first);
      if (run.length < MOST_QUOTES && bytes < MOST_BYTES) continue;
      yield run;
      run = [];
      bytes = 0;
    }
    if (run.length > 0) yield run;
  } finally {
    for (const source of sources) await source.return(undefined);
  }
}

async function enqueue(queue: Cursor[], cursor: Cursor): Promise<void> {
  if (await cursor.fill()) insert(queue, cursor);
}

/** Keeps the cursor whose quote comes first at the queue's end. */
function insert(queue: Cursor[], cursor: Cursor): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue[middle];
    if (other !== undefined && comparePlaces(other.next, cursor.next) > 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, cursor);
}

/** One source's next quotes. */
class Cursor {
  readonly #batches: AsyncGenerator<readonly HistoryQuote[]>;
  #quotes: readonly HistoryQuote[] = [];
  #at = 0;

  constructor(batches: AsyncGenerator<readonly HistoryQuote[]>) {
    this.#batches = batches;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#quotes.length;
  }

  get next(): HistoryQuote {
    const quote = this.#quotes[this.#at];
    if (quote === undefined) throw new RangeError('there is no quote here before the next batch');
    return quote;
  }

  take(): HistoryQuote {
    const quote = this.next;
    this.#at += 1;
    return quote;
  }

  /** Reads on until there is a quote; false where there are no more. */
  async fill(): Promise<boolean> {
    while (this.isEmpty) {
      const read = await this.#batches.next();
      if (read.done === true) return false;
      this.#quotes = read.value;
      this.#at = 0;
    }
    return true;
  }
}
