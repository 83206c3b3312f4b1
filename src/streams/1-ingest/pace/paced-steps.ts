import type { SchedulerLike } from 'rxjs';
import { sleepOn } from '../../clock/sleep.ts';
import type { OutputRecord } from '../../log/log.ts';
import type { Playback } from './playback.ts';
import { ReachedTime } from './reached-time.ts';

/** What is paced is published in steps of at least this, so that every quote doesn't cost a commit. */
const SHORTEST_WAIT_MS = 200;

/** A quote, ready to be published. */
export interface TimedRecord {
  readonly record: OutputRecord;
  /** The time that it is played at, milliseconds since the epoch; undefined: with the one before. */
  readonly time: number | undefined;
}

/** Records that are due together. */
export interface PacedStep {
  readonly records: readonly OutputRecord[];
  /** The event time reached so far. */
  readonly reachedTime: number | undefined;
  /** To be called once they are committed: their memory is used for others. */
  readonly release: () => void;
}

/**
 * Deals quotes out in steps, each when a {@link Playback} says that it is due. Quotes of one time that come one after the other come
 * at once: a pause leaves no moment half played.
 */
export class PacedSteps {
  private readonly scheduler: SchedulerLike;
  private readonly playback: Playback;
  private readonly reachedTime = new ReachedTime();
  /** The time of the quote that was dealt out last. */
  private dealt: number | undefined;

  constructor(scheduler: SchedulerLike, playback: Playback) {
    this.scheduler = scheduler;
    this.playback = playback;
  }

  /** Undefined before the first quote. */
  get reached(): number | undefined {
    return this.reachedTime.reached;
  }

  /** A quote that was published before. */
  skip(time: number): void {
    this.reachedTime.take(time, false);
    this.dealt = time;
    if (this.reached !== undefined) this.playback.skip(this.reached);
  }

  /** These quotes, all of them in order; it ends early when the signal aborts. `release`: nobody looks at them any more. */
  async *due(quotes: Iterable<TimedRecord>, release: () => void, signal: AbortSignal): AsyncGenerator<PacedStep> {
    const { scheduler, playback } = this;
    let now = scheduler.now();
    let records: OutputRecord[] = [];
    for (const { record, time } of quotes) {
      let wait = time === undefined || time === this.dealt ? 0 : playback.delay(time, now);
      while (time !== undefined && wait > 0) {
        // The rest of the quotes is in the same memory.
        if (records.length > 0) yield { records, reachedTime: this.reached, release: () => undefined };
        records = [];
        const isChanged = await this.sleep(Math.max(wait, SHORTEST_WAIT_MS), signal);
        if (signal.aborted) return;
        now = scheduler.now();
        wait = isChanged ? playback.delay(time, now) : 0;
      }
      if (time !== undefined) this.reachedTime.take(time, playback.isPaced || time > now);
      this.dealt = time ?? this.dealt;
      records.push(record);
    }
    if (records.length > 0) yield { records, reachedTime: this.reached, release };
  }

  /** Whether the playback was changed meanwhile. */
  private async sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    const waking = new AbortController();
    let isChanged = false;
    const wake = (): void => waking.abort();
    const changed = this.playback.changes.subscribe(() => {
      isChanged = true;
      wake();
    });
    signal.addEventListener('abort', wake, { once: true });
    if (!signal.aborted) await sleepOn(this.scheduler)(ms, waking.signal);
    signal.removeEventListener('abort', wake);
    changed.unsubscribe();
    return isChanged;
  }
}
