import { type SchedulerLike, Subject } from 'rxjs';
import { Playback } from '../../streams/1-ingest/pace/playback.ts';
import type { HistoryExtent } from '../../streams/replay/timelapse/history-extent.ts';
import type { Timelapse, TimelapseSpeed, TimelapseWish } from '../../web/replay-contract.ts';
import type { TimelapseControls } from '../../web/server/timelapse/timelapse-controls.ts';

export interface TimelapseControlOptions extends HistoryExtent {
  readonly of: string;
  readonly speed: TimelapseSpeed;
  readonly clock: SchedulerLike;
}

/**
 * How a time-lapse is played, as everyone who looks at it has wished last. It is played in lives: to go back ends one, and the next one
 * begins with an empty namespace.
 */
export class TimelapseControl implements TimelapseControls {
  readonly changes = new Subject<void>();
  readonly #options: TimelapseControlOptions;
  #speed: TimelapseSpeed;
  #isPaused = false;
  #playback: Playback;
  #life = new AbortController();
  /** The newest quote's time. */
  #reached: number | undefined;
  #target: number | undefined;
  #isEnded = false;

  constructor(options: TimelapseControlOptions) {
    this.#options = options;
    this.#speed = options.speed;
    this.#playback = this.#newPlayback();
  }

  /** Begins a life: what its quotes are paced by, and a signal that aborts when it is to end for the next one. */
  begin(): { readonly playback: Playback; readonly signal: AbortSignal } {
    this.#life = new AbortController();
    this.#reached = undefined;
    this.#isEnded = false;
    this.#playback = this.#newPlayback();
    if (this.#target !== undefined) this.#playback.seek(this.#target);
    this.#playback.changes.subscribe(this.changes);
    return { playback: this.#playback, signal: this.#life.signal };
  }

  get isGoingBack(): boolean {
    return this.#life.signal.aborted;
  }

  /** Quotes up to that time are committed, and none of a later one. */
  reached(time: number): void {
    this.#reached = time;
    this.changes.next();
  }

  /** The last quote is committed. */
  ended(): void {
    this.#isEnded = true;
    this.#target = undefined;
    this.changes.next();
  }

  state(): Timelapse {
    const { of, from, to } = this.#options;
    const isSought = this.isGoingBack || (this.#playback.isSeeking && !this.#isEnded);
    const state = this.isGoingBack ? 'going-back' : this.#isEnded ? 'ended' : isSought ? 'seeking' : 'playing';
    const at = isSought ? this.#reached : this.#position();
    const target = isSought ? (this.#target ?? null) : null;
    return { of, from, to, at: at ?? null, speed: this.#speed, isPaused: this.#isPaused, state, target };
  }

  wish(wish: TimelapseWish): void {
    if (wish.kind === 'seek') return this.#seek(Math.min(Math.max(wish.to, this.#options.from), this.#options.to));
    if (wish.kind === 'pause') this.#isPaused = wish.isPaused;
    else this.#speed = wish.speed;
    this.#playback.change({ speed: this.#speed, isPaused: this.#isPaused }, this.#options.clock.now());
  }

  #seek(to: number): void {
    const at = this.#position();
    this.#target = to;
    if (this.isGoingBack) return this.changes.next();
    if (at === undefined || to >= at) return this.#playback.seek(to);
    this.#life.abort();
    this.changes.next();
  }

  /** What was sought has been reached even where no quote is of that very time. */
  #position(): number | undefined {
    return this.#target === undefined || this.#playback.isSeeking
      ? this.#reached
      : Math.max(this.#target, this.#reached ?? this.#target);
  }

  #newPlayback(): Playback {
    const playback = new Playback({ speed: this.#speed, fastForwardMs: 0 });
    if (this.#isPaused) playback.change({ speed: this.#speed, isPaused: true }, this.#options.clock.now());
    return playback;
  }
}
