import { SvelteMap } from 'svelte/reactivity';
import type { Batch, Column, MarketRow, Snapshot, Status } from '../../contract.ts';
import { CoinHistory } from '../market/coin-history.svelte.ts';
import { type Freshness, freshnessOf } from '../market/freshness.ts';
import { withSpark } from '../market/spark.ts';
import { Connection, type ConnectionState } from './connection.ts';

const NOTICE_MS = 6000;

/** Everything that the server has told, kept over a lost connection. */
export class Session {
  connection: ConnectionState = $state.raw({ kind: 'connecting' });
  status: Status | null = $state.raw(null);
  columns: readonly Column[] = $state.raw([]);
  readonly rows = new SvelteMap<string, MarketRow>();
  readonly history = new CoinHistory();
  /** False until the first snapshot. */
  isLoaded = $state(false);
  /** By the browser's clock: when the last frame came. */
  heardAt: number | null = $state(null);
  /** From the append of a row to its flush, measured by the server. */
  delayMs: number | null = $state(null);
  /** What just happened, for a few seconds. */
  notice: string | null = $state(null);
  /** The browser's clock, once a second. */
  clock = $state(Date.now());
  #offset = 0;
  #epoch: string | undefined;
  #seq = 0;
  #wasLost = false;
  #wanted: string | null = null;
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #link: Connection;

  constructor() {
    this.#link = new Connection({
      hello: () => ({
        ...(this.#epoch !== undefined && { epoch: this.#epoch, seq: this.#seq }),
        ...(this.#wanted !== null && { coin: this.#wanted }),
      }),
      snapshot: (snapshot) => this.#takeSnapshot(snapshot),
      batch: (batch) => this.#takeBatch(batch),
      state: (state) => this.#stateChanged(state),
    });
  }

  /** Opens the connection; the result closes it. */
  start(): () => void {
    const tick = setInterval(() => (this.clock = Date.now()), 1000);
    const retry = (): void => this.#link.retry();
    window.addEventListener('online', retry);
    this.#link.open();
    return () => {
      clearInterval(tick);
      window.removeEventListener('online', retry);
      this.#link.close();
    };
  }

  retry(): void {
    this.#link.retry();
  }

  /** The server's clock, as far as it can be known here. */
  get now(): number {
    return this.clock + this.#offset;
  }

  get freshness(): Freshness {
    return this.status === null ? { kind: 'unknown' } : freshnessOf(this.status, this.now);
  }

  /** Follows that coin. Held keys ask for the last one only. */
  watch(coin: string): void {
    if (coin === this.#wanted) return;
    const isFirst = this.#wanted === null;
    this.#wanted = coin;
    this.history.expect(coin);
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(() => void this.#ask(coin), isFirst ? 0 : 120);
  }

  async #ask(coin: string): Promise<void> {
    const answer = await this.#link.watch(coin);
    if (answer === undefined || coin !== this.#wanted) return;
    if (answer.kind === 'history') this.history.set(answer.history);
    else if (answer.kind === 'unknown-coin') this.history.missing(coin);
    else if (answer.kind === 'refused') this.#watchTimer = setTimeout(() => void this.#ask(coin), 1000);
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const isRestart = this.#wasLost && this.#epoch !== undefined && this.#epoch !== snapshot.epoch;
    this.#epoch = snapshot.epoch;
    this.#seq = snapshot.seq;
    this.columns = snapshot.columns;
    const gone = new Set(this.rows.keys());
    for (const row of snapshot.coins) {
      gone.delete(row.coin);
      this.rows.set(row.coin, row);
    }
    for (const coin of gone) this.rows.delete(coin);
    this.#heard(snapshot.now, snapshot.status);
    this.isLoaded = true;
    if (snapshot.history !== undefined) this.history.set(snapshot.history);
    else if (this.#wanted !== null) void this.#ask(this.#wanted);
    if (this.#wasLost)
      this.#say(
        isRestart
          ? 'Connected again: the server had restarted, everything is reloaded.'
          : 'Connected again: everything is reloaded.',
      );
  }

  #takeBatch(batch: Batch): void {
    if (batch.since !== this.#seq) return this.#link.resync();
    const missed = batch.seq - batch.since;
    this.#seq = batch.seq;
    for (const row of batch.coins ?? []) this.rows.set(row.coin, withSpark(row, this.rows.get(row.coin)));
    for (const coin of batch.removed ?? []) this.rows.delete(coin);
    this.#heard(batch.now, batch.status);
    if (batch.history) this.history.apply(batch.history, Date.now());
    if (batch.delayMs !== undefined) this.delayMs = batch.delayMs;
    if (!this.#wasLost) return;
    if (this.history.state === 'loading' && this.#wanted !== null) void this.#ask(this.#wanted);
    this.#say(missed === 0 ? 'Connected again: nothing was missed.' : `Connected again: ${missed} updates caught up.`);
  }

  #heard(serverNow: number, status: Status | undefined): void {
    this.heardAt = Date.now();
    this.#offset = serverNow - this.heardAt;
    if (status) this.status = status;
  }

  #stateChanged(state: ConnectionState): void {
    this.connection = state;
    if (state.kind === 'lost') {
      this.#wasLost = true;
      this.notice = null;
    }
  }

  #say(notice: string): void {
    this.#wasLost = false;
    this.notice = notice;
    setTimeout(() => {
      if (this.notice === notice) this.notice = null;
    }, NOTICE_MS);
  }
}
