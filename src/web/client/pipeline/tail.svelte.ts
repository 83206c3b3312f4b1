import type { ShownRecord, TailFrame, TailWish } from '../../pipeline-contract.ts';

/** So many of the newest records are kept; older ones go. */
export const MAX_TAILED = 250;

/** The newest records of the topic that is followed, the newest last. Its size is bounded, whatever comes. */
export class Tail {
  state: 'idle' | 'asking' | 'following' = $state('idle');
  records: readonly ShownRecord[] = $state.raw([]);
  /** Records that came and are not shown since so many came, or because older ones had to go. */
  skipped = $state(0);
  /** Why nothing can be read just now, or why it may not be followed. */
  failure: string | null = $state(null);
  /** What is shown stays as it is. */
  isHeld = $state(false);
  /** Records that have come since. */
  waiting = $state(0);
  #topic: string | undefined;
  #pending: ShownRecord[] = [];
  #skipped = 0;
  #failure: string | null = null;
  /** Nothing has come yet on this connection. */
  #isResumed = false;
  /** What is shown is to be replaced. */
  #isAnew = false;

  /** Another topic or filter: what was there is not of it. */
  expect({ topic }: TailWish): void {
    this.#topic = topic;
    this.#empty();
    this.state = 'asking';
  }

  leave(): void {
    this.#topic = undefined;
    this.#empty();
    this.state = 'idle';
  }

  refuse(reason: string): void {
    this.failure = reason;
  }

  /** What the server knows of it at first, or after a lost connection: what has been shown already is not shown twice. */
  begin(frame: TailFrame): void {
    this.state = 'following';
    this.#isResumed = true;
    this.take(frame);
  }

  take({ topic, records, skipped, failure }: TailFrame): void {
    // Until it is answered, frames are of what was followed before.
    if (this.state !== 'following' || topic !== this.#topic) return;
    const known = this.#known();
    if (this.#isResumed && records.length > 0) {
      this.#isResumed = false;
      // What came in between is unknown: the list begins anew rather than hide a gap.
      this.#isAnew = !records.some((record) => known.has(recordId(record)));
      if (this.#isAnew) {
        this.#pending = [];
        known.clear();
      }
    }
    const news = records.filter((record) => !known.has(recordId(record)) && known.add(recordId(record)));
    const kept = [...this.#pending, ...news];
    this.#pending = kept.slice(-MAX_TAILED);
    this.#skipped += skipped + kept.length - this.#pending.length;
    this.#failure = failure ?? null;
    this.waiting = this.#pending.length;
  }

  /** Shows what has come, unless it is held. */
  show(): void {
    this.failure = this.state === 'following' ? this.#failure : this.failure;
    if (this.isHeld) return;
    this.skipped += this.#skipped;
    this.#skipped = 0;
    if (this.#pending.length === 0) return;
    this.records = [...(this.#isAnew ? [] : this.records), ...this.#pending].slice(-MAX_TAILED);
    this.#isAnew = false;
    this.#pending = [];
    this.waiting = 0;
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.show();
  }

  #known(): Set<string> {
    return new Set([...(this.#isAnew ? [] : this.records), ...this.#pending].map(recordId));
  }

  #empty(): void {
    this.records = [];
    this.skipped = this.waiting = this.#skipped = 0;
    this.failure = this.#failure = null;
    this.isHeld = this.#isAnew = false;
    this.#pending = [];
  }
}

/** A log that was made anew counts from 0 again: the time tells its records from those before. */
export const recordId = ({ partition, offset, timestamp }: ShownRecord): string =>
  `${partition}/${offset}/${timestamp}`;
