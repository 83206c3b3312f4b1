import type { Batch, Column, Snapshot, Status } from '../../contract.ts';
import type { Timelapse, TimelapseWish } from '../../replay-contract.ts';
import { CoinHistory } from '../market/coin-history.svelte.ts';
import { Comparison } from '../market/comparison.svelte.ts';
import { type Freshness, freshnessOf } from '../market/freshness.ts';
import { Market } from '../market/market.svelte.ts';
import { afterPaint } from './after-paint.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { describeReload } from './describe-reload.ts';
import { FlowFeed } from './flow-feed.svelte.ts';
import { Latency, type LatencySummary } from './latency.ts';
import { Notice } from './notice.svelte.ts';
import type { Pause } from './pause.ts';
import { Pending } from './pending.ts';
import { Wishes } from './wishes.ts';

/** A server that does not say when the market has arrived is waited for no longer. */
const ARRIVAL_MS = 4000;

/**
 * Everything that the server has told, kept over a lost connection. What comes is shown with the next frame of the screen,
 * all at once; while the page is paused it waits. The state of the source and the connection is never held back.
 */
export class Session {
  connection: ConnectionState = $state.raw({ kind: 'connecting' });
  status: Status | null = $state.raw(null);
  columns: readonly Column[] = $state.raw([]);
  readonly market = new Market();
  readonly history = new CoinHistory();
  readonly comparison = new Comparison();
  readonly flow: FlowFeed;
  readonly notice = new Notice();
  /** False until the first snapshot is shown. */
  isLoaded = $state(false);
  /** By the browser's clock: when the last frame came. */
  heardAt: number | null = $state(null);
  latency: LatencySummary | null = $state.raw(null);
  pause: Pause | null = $state.raw(null);
  /** The browser's clock, once a second. */
  clock = $state(Date.now());
  #offset = 0;
  #epoch: string | undefined;
  #seq = 0;
  #wasLost = false;
  #frame: number | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  readonly #pending = new Pending();
  readonly #latency = new Latency();
  readonly #link: Connection;
  readonly #wishes: Wishes;

  constructor() {
    this.#link = new Connection({
      hello: () => ({
        ...(this.#epoch !== undefined && { epoch: this.#epoch, seq: this.#seq }),
        ...this.#wishes.hello(),
      }),
      snapshot: (snapshot) => this.#takeSnapshot(snapshot),
      batch: (batch) => this.#takeBatch(batch),
      state: (state) => this.#stateChanged(state),
      isBackAtOnce: () => this.timelapse?.state === 'going-back',
    });
    this.flow = new FlowFeed(this.#link, () => this.pause !== null);
    this.#wishes = new Wishes(this.#link, this.history, this.comparison, this.#pending);
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

  /** Holds what is shown as it is, or lets go. */
  togglePause(): void {
    if (this.pause === null) this.pause = { at: Date.now(), frames: 0 };
    else {
      this.pause = null;
      this.#show();
    }
  }

  /** The server's clock, as far as it can be known here. */
  get now(): number {
    return this.clock + this.#offset;
  }

  get freshness(): Freshness {
    return this.status === null ? { kind: 'unknown' } : freshnessOf(this.status, this.now);
  }

  /** How the time-lapse is doing that the server plays; undefined where it plays none. */
  get timelapse(): Timelapse | undefined {
    return this.status?.timelapse;
  }

  /** Whether what is shown is a time-lapse, played by this server or by another one. */
  get isTimelapse(): boolean {
    const { source, replay, timelapse } = this.status ?? {};
    return timelapse !== undefined || (source?.source === 'replay' && replay === undefined);
  }

  /** What a page's title says. */
  titled(title: string): string {
    return this.isTimelapse ? `Time-lapse · ${title}` : title;
  }

  /** Changes how the time-lapse is played, for everyone. */
  async steer(wish: TimelapseWish): Promise<void> {
    const answer = await this.#link.timelapse(wish);
    if (answer?.kind === 'timelapse' && this.status !== null)
      this.status = { ...this.status, timelapse: answer.timelapse };
    else if (answer?.kind === 'refused') this.notice.say(`That was refused: ${answer.reason}.`);
  }

  /** Follows that coin, and the closes of those that it is compared with. */
  follow(coin: string, compared: readonly string[]): void {
    this.#wishes.follow(coin, compared);
  }

  #takeSnapshot(snapshot: Snapshot): void {
    const isRestart = this.#wasLost && this.#epoch !== undefined && this.#epoch !== snapshot.epoch;
    const wentBack = this.timelapse?.state === 'going-back';
    // Its hours are made anew, and those that were to come are not there any more.
    if (wentBack && this.history.coin !== null) this.history.expect(this.history.coin);
    this.#epoch = snapshot.epoch;
    this.#seq = snapshot.seq;
    this.#pending.takeSnapshot(snapshot);
    this.#heard(snapshot.now, snapshot.status);
    this.#showSoon();
    if (wentBack) this.#wasLost = false;
    if (!this.#wasLost) return;
    this.#say(describeReload({ shown: this.market.rows(), coins: snapshot.coins, isRestart }));
  }

  #takeBatch(batch: Batch): void {
    if (batch.since !== this.#seq) return this.#link.resync();
    const missed = batch.seq - batch.since;
    this.#seq = batch.seq;
    this.#pending.takeBatch(batch, (coin) => this.market.get(coin));
    this.flow.take(batch);
    this.#heard(batch.now, batch.status);
    this.#showSoon(batch.delayMs);
    if (!this.#wasLost) return;
    this.#wishes.repeat();
    const what = missed === 0 ? 'nothing was missed.' : `${missed} updates caught up, nothing is missing.`;
    this.#say(`Connected again: ${what}`);
  }

  #heard(serverNow: number, status: Status | undefined): void {
    this.heardAt = Date.now();
    this.#offset = serverNow - this.heardAt;
    if (status) this.status = status;
  }

  #showSoon(delayMs?: number): void {
    // The first coins are shown with those that come with them: rows that follow one by one move all others.
    if (this.market.size === 0 && this.#pending.rows.size > 0 && this.status?.view.isArriving) {
      this.#later ??= setTimeout(() => this.#show(), ARRIVAL_MS);
      return;
    }
    // What has never been seen is not kept from the first paint, by a pause or by a tab in the background.
    if (!this.isLoaded) return this.#show();
    if (this.pause !== null) {
      this.pause = { ...this.pause, frames: this.pause.frames + 1 };
      return;
    }
    if (delayMs !== undefined) this.#measure(delayMs);
    this.#frame ??= requestAnimationFrame(() => this.#show());
  }

  #measure(delayMs: number): void {
    if (document.hidden) return;
    const heardAt = performance.now();
    afterPaint(() => {
      this.#latency.add(delayMs + performance.now() - heardAt);
      this.latency = this.#latency.summary();
    });
  }

  /** Shows all that has come. */
  #show(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    clearTimeout(this.#later);
    this.#later = undefined;
    const { snapshot, histories, closes } = this.#pending;
    if (snapshot !== undefined) {
      this.columns = snapshot.columns;
      this.isLoaded = true;
    }
    this.market.apply(this.#pending, snapshot !== undefined);
    if (snapshot?.history !== undefined) this.history.set(snapshot.history);
    this.comparison.apply([...(snapshot?.closes ?? []), ...closes]);
    for (const history of histories) this.history.apply(history, Date.now());
    this.flow.show();
    this.#pending.clear();
    if (snapshot !== undefined) this.#wishes.repeat();
  }

  #stateChanged(state: ConnectionState): void {
    this.connection = state;
    // The server knows nothing of the connection before.
    if (state.kind === 'open') this.flow.repeat();
    if (state.kind !== 'lost') return;
    this.#wasLost = true;
    this.notice.clear();
  }

  #say(notice: string): void {
    this.#wasLost = false;
    this.notice.say(notice);
  }
}
