import type { DeadLetters } from '../../pipeline-contract.ts';
import { lettersOf } from './letters-answer.ts';

export const LETTERS_A_PAGE = 20;

interface LettersPage {
  /** Null: the newest of all partitions. */
  readonly partition: number | null;
  /** What the page before it has as next; null: the newest. */
  readonly before: DeadLetters['next'];
}

/** The dead letters, page by page: what is shown stays as it is until somebody asks for another page. */
export class LettersReader {
  /** Null until the server has answered once; kept while it does not answer. */
  page: DeadLetters | null = $state.raw(null);
  /** Where the page begins. */
  shown: LettersPage = $state.raw({ partition: null, before: null });
  /** Why the last question was not answered. */
  failure: string | null = $state(null);
  /** How many letters there were, by the server's count, when the page was asked for. */
  countThen: number | null = $state(null);
  /** The pages that one came by. */
  #before: LettersPage[] = $state.raw([]);
  #asking: AbortController | undefined;

  /** Whether there are letters older than those of the page. */
  get hasOlder(): boolean {
    return this.page !== null && this.page.next !== null;
  }

  get hasNewer(): boolean {
    return this.#before.length > 0;
  }

  /** The newest page of a partition, or of all. */
  open(partition: number | null, count: number | null): Promise<void> {
    this.#before = [];
    return this.#ask({ partition, before: null }, count);
  }

  goOlder(count: number | null): Promise<void> {
    const { page, shown } = this;
    if (page === null || page.next === null) return Promise.resolve();
    this.#before = [...this.#before, shown];
    return this.#ask({ partition: shown.partition, before: page.next }, count);
  }

  goNewer(count: number | null): Promise<void> {
    const last = this.#before.at(-1);
    if (last === undefined) return Promise.resolve();
    this.#before = this.#before.slice(0, -1);
    return this.#ask(last, count);
  }

  /** Asks for the same page again. */
  again(count: number | null): Promise<void> {
    return this.#ask(this.shown, count);
  }

  close(): void {
    this.#asking?.abort();
  }

  async #ask(wanted: LettersPage, count: number | null): Promise<void> {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    this.shown = wanted;
    const query = new URLSearchParams({ limit: String(LETTERS_A_PAGE) });
    if (wanted.partition !== null) query.set('partition', String(wanted.partition));
    if (wanted.before !== null) query.set('before', String(wanted.before));
    try {
      const response = await fetch(`/api/dead-letters?${query.toString()}`, { signal });
      const page = lettersOf(await response.json());
      if (!response.ok || page === undefined) throw new Error(`The server answered ${response.status}.`);
      this.page = page;
      this.countThen = count;
      this.failure = null;
    } catch (error) {
      if (!signal.aborted) this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}
