import type { DeadLetters } from '../../pipeline-contract.ts';
import { lettersOf } from './letters-answer.ts';

export const LETTERS_A_PAGE = 20;

interface LettersPage {
  /** Null: the newest of all partitions. */
  readonly partition: number | null;
  /** Letters below this offset; null: the newest. */
  readonly before: number | null;
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

  /** Where the next older page begins; undefined where there is none, or where several partitions have one each. */
  get older(): LettersPage | undefined {
    if (this.page === null) return undefined;
    const { partition } = this.shown;
    if (partition !== null) return this.page.next === null ? undefined : { partition, before: this.page.next };
    const holding = this.page.partitions.filter(({ start, end }) => end > start);
    const last = this.page.letters.at(-1);
    const [only] = holding;
    if (holding.length !== 1 || only === undefined || last === undefined || last.offset <= only.start) return undefined;
    return { partition: only.partition, before: last.offset };
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
    const { older, shown } = this;
    if (older === undefined) return Promise.resolve();
    this.#before = [...this.#before, shown];
    return this.#ask(older, count);
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
