import type { Replays } from '../../replay-contract.ts';
import { replaysOf } from './replay-answer.ts';

const LOOK_EVERY_MS = 2_000;
/** Where nothing moves, so many looks are left out. */
const REST_LOOKS = 5;

/** The replays as the server last told them, asked again while somebody looks: often where something moves, else seldom. */
export class ReplayReader {
  /** Null until it has answered once; kept while it does not answer. */
  replays: Replays | null = $state.raw(null);
  /** Why the last question was not answered. */
  failure: string | null = $state(null);
  #rested = 0;

  /** Asks until the result is called. `isHeld`: what is shown is to stay as it is. */
  start(isHeld: () => boolean): () => void {
    const ended = new AbortController();
    void this.ask(ended.signal);
    const timer = setInterval(() => {
      this.#rested += 1;
      if (!isHeld() && !document.hidden && (this.#isMoving || this.#rested >= REST_LOOKS)) void this.ask(ended.signal);
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }

  async ask(signal?: AbortSignal): Promise<void> {
    this.#rested = 0;
    try {
      const response = await fetch('/api/replays', { signal: signal ?? null });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      this.replays = replaysOf(await response.json());
      this.failure = null;
    } catch (error) {
      if (signal?.aborted !== true) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  get #isMoving(): boolean {
    const { replays = [], promotion } = this.replays ?? {};
    return replays.some(({ isRunning }) => isRunning) || (promotion != null && promotion.done < promotion.partitions);
  }
}
