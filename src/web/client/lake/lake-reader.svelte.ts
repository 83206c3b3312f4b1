import type { Lake } from '../../contract.ts';
import { askWhileShown } from '../feed/ask-while-shown.ts';
import { lakeOf } from './lake-answer.ts';

/** The lake as the server last told it, asked again every ten seconds while somebody looks. */
export class LakeReader {
  /** Null until it has answered once; kept while it does not answer. */
  lake: Lake | null = $state.raw(null);
  /** Why the last question was not answered. */
  failure: string | null = $state(null);
  /** By the browser's clock: when the lake was told. */
  toldAt: number | null = $state(null);

  /** Asks until the result is called. `isHeld`: what is shown is to stay as it is. */
  start(isHeld: () => boolean): () => void {
    return askWhileShown((signal) => this.ask(signal), isHeld);
  }

  async ask(signal?: AbortSignal): Promise<void> {
    try {
      const response = await fetch('/api/lake', { signal: signal ?? null });
      const lake = lakeOf(await response.json());
      if (!response.ok || lake === undefined) throw new Error(`The server answered ${response.status}.`);
      this.lake = lake;
      this.toldAt = Date.now();
      this.failure = null;
    } catch (error) {
      if (signal?.aborted !== true) this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}
