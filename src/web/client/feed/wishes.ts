import type { Hello } from '../../contract.ts';
import type { CoinHistory } from '../market/coin-history.svelte.ts';
import type { Comparison } from '../market/comparison.svelte.ts';
import type { Connection } from './connection.ts';
import type { Pending } from './pending.ts';

const HELD_KEY_MS = 120;
const REFUSED_MS = 1000;

/** What the page wants to follow beside the market, asked for until it is there. */
export class Wishes {
  readonly #link: Connection;
  readonly #history: CoinHistory;
  readonly #comparison: Comparison;
  readonly #pending: Pending;
  #coin: string | null = null;
  #compared: readonly string[] = [];
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  #compareTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Connection, history: CoinHistory, comparison: Comparison, pending: Pending) {
    this.#link = link;
    this.#pending = pending;
    this.#history = history;
    this.#comparison = comparison;
  }

  /** What to say of it at a handshake. */
  hello(): Pick<Hello, 'coin' | 'compared'> {
    return {
      ...(this.#coin !== null && { coin: this.#coin }),
      ...(this.#compared.length > 0 && { compared: this.#compared }),
    };
  }

  /** Held keys ask for the last coin only. */
  follow(coin: string, compared: readonly string[]): void {
    if (coin !== this.#coin) {
      const isFirst = this.#coin === null;
      this.#coin = coin;
      this.#history.expect(coin);
      clearTimeout(this.#watchTimer);
      this.#watchTimer = setTimeout(() => void this.#watch(coin), isFirst ? 0 : HELD_KEY_MS);
    }
    if (compared.join('\n') === this.#compared.join('\n')) return;
    this.#compared = compared;
    this.#comparison.keep(compared);
    clearTimeout(this.#compareTimer);
    this.#compareTimer = setTimeout(() => void this.#compare(compared), 0);
  }

  /** Asks again for what has not come. */
  repeat(): void {
    if (this.#coin !== null && this.#history.state === 'loading') void this.#watch(this.#coin);
    if (this.#compared.some((coin) => this.#comparison.of(coin) === undefined)) void this.#compare(this.#compared);
  }

  async #watch(coin: string): Promise<void> {
    const answer = await this.#link.watch(coin);
    if (answer === undefined || coin !== this.#coin) return;
    if (answer.kind === 'history') {
      this.#pending.forgetHistory(coin);
      this.#history.set(answer.history);
    }
    if (answer.kind === 'unknown-coin') this.#history.missing(coin);
    if (answer.kind === 'refused') this.#watchTimer = setTimeout(() => void this.#watch(coin), REFUSED_MS);
  }

  async #compare(coins: readonly string[]): Promise<void> {
    const answer = await this.#link.compare(coins);
    if (answer === undefined || coins !== this.#compared) return;
    if (answer.kind === 'closes') {
      this.#pending.forgetCloses(coins);
      this.#comparison.apply(answer.closes);
    } else this.#compareTimer = setTimeout(() => void this.#compare(coins), REFUSED_MS);
  }
}
