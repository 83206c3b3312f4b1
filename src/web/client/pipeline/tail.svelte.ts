import type { ShownRecord, TailFrame, TailWish } from '../../pipeline-contract.ts';
import { TailBuffer } from './tail-buffer.ts';

/** The newest records of the topic that is followed, the newest last. */
export class Tail {
  state: 'idle' | 'asking' | 'following' = $state('idle');
  records: readonly ShownRecord[] = $state.raw([]);
  /** Records that came too fast to be shown. */
  skipped = $state(0);
  /** Why nothing can be read just now, or why it may not be followed. */
  failure: string | null = $state(null);
  /** What is shown stays as it is. */
  isHeld = $state(false);
  /** Records that have come since. */
  waiting = $state(0);
  #topic: string | undefined;
  #failure: string | null = null;
  readonly #buffer = new TailBuffer();

  /** Another topic or filter: what was there is not of it. */
  expect({ topic }: TailWish): void {
    this.#empty();
    this.#topic = topic;
    this.state = 'asking';
  }

  leave(): void {
    this.#empty();
    this.state = 'idle';
  }

  refuse(reason: string): void {
    this.failure = this.#failure = reason;
  }

  /** What the server knows of it at first, and after a lost connection. */
  begin(frame: TailFrame): void {
    this.state = 'following';
    this.#buffer.resume();
    this.take(frame);
  }

  take(frame: TailFrame): void {
    // Until it is answered, frames are of what was followed before.
    if (this.state !== 'following' || frame.topic !== this.#topic) return;
    this.#buffer.take(frame, this.records);
    this.#failure = frame.failure ?? null;
    this.waiting = this.#buffer.waiting;
  }

  /** Shows what has come, unless it is held. */
  show(): void {
    this.failure = this.#failure;
    if (this.isHeld) return;
    const { records, skipped } = this.#buffer.flush(this.records);
    this.records = records;
    this.skipped += skipped;
    this.waiting = 0;
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.show();
  }

  #empty(): void {
    this.#buffer.clear();
    this.#topic = undefined;
    this.records = [];
    this.skipped = this.waiting = 0;
    this.failure = this.#failure = null;
    this.isHeld = false;
  }
}
