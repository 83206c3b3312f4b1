import type { ShownRecord, TailFrame } from '../../pipeline-contract.ts';

/** So many of the newest records are kept; older ones go. */
export const MAX_TAILED = 250;

/** A log that was made anew counts from 0 again: the time tells its records from those before. */
export const recordId = ({ partition, offset, timestamp }: ShownRecord): string =>
  `${partition}/${offset}/${timestamp}`;

/** What has come of a topic and is not shown yet. Its size is bounded, whatever comes; what is shown is not taken twice. */
export class TailBuffer {
  #records: ShownRecord[] = [];
  #skipped = 0;
  /** Nothing has come yet on this connection. */
  #isResumed = false;
  /** What is shown is to be replaced. */
  #isAnew = false;

  get waiting(): number {
    return this.#records.length;
  }

  /** A connection has begun: what comes first on it may not join what is shown. */
  resume(): void {
    this.#isResumed = true;
  }

  take({ records, skipped }: Pick<TailFrame, 'records' | 'skipped'>, shown: readonly ShownRecord[]): void {
    const known = new Set([...(this.#isAnew ? [] : shown), ...this.#records].map(recordId));
    if (this.#isResumed && records.length > 0) {
      this.#isResumed = false;
      // What came in between is unknown: the list begins anew rather than hide a gap.
      this.#isAnew = !records.some((record) => known.has(recordId(record)));
      if (this.#isAnew) {
        this.#records = [];
        known.clear();
      }
    }
    const kept = [...this.#records];
    for (const record of records) {
      if (known.has(recordId(record))) continue;
      known.add(recordId(record));
      kept.push(record);
    }
    this.#records = kept.slice(-MAX_TAILED);
    this.#skipped += skipped + kept.length - this.#records.length;
  }

  /** What is to be shown from now on, the newest last, and how many were skipped since the last call. */
  flush(shown: readonly ShownRecord[]): { readonly records: readonly ShownRecord[]; readonly skipped: number } {
    const before = this.#isAnew ? [] : shown;
    const records = this.#records.length === 0 ? before : [...before, ...this.#records].slice(-MAX_TAILED);
    const skipped = this.#skipped;
    this.#records = [];
    this.#skipped = 0;
    this.#isAnew = false;
    return { records, skipped };
  }

  clear(): void {
    this.#records = [];
    this.#skipped = 0;
    this.#isResumed = this.#isAnew = false;
  }
}
