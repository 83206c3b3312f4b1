import { io, type Socket } from 'socket.io-client';
import type {
  Batch,
  ClientToServer,
  CompareAnswer,
  Hello,
  ServerToClient,
  Snapshot,
  WatchAnswer,
} from '../../contract.ts';
import type { TimelapseAnswer, TimelapseWish } from '../../replay-contract.ts';
import type { PipelineAnswer, TailAnswer, TailWish } from '../../pipeline-contract.ts';
import { retryDelay } from './retry-delay.ts';

/** The websocket's state; `retryAt` is by the browser's clock. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number };

export interface ConnectionEvents {
  /** What to say at the next handshake. */
  readonly hello: () => Hello;
  readonly snapshot: (snapshot: Snapshot) => void;
  readonly batch: (batch: Batch) => void;
  readonly state: (state: ConnectionState) => void;
  /** Whether the server has said that it ends and comes again at once. */
  readonly isBackAtOnce: () => boolean;
}

const ATTEMPT_MS = 5000;
const AT_ONCE_MS = 300;

type TimedSocket = ReturnType<Socket<ServerToClient, ClientToServer>['timeout']>;

/** One websocket to the server that the page came from, opened again and again until it is closed. */
export class Connection {
  readonly #events: ConnectionEvents;
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  #isOpen = false;
  #attempt = 0;
  #lostAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: ConnectionEvents) {
    this.#events = events;
    this.#socket = io({
      autoConnect: false,
      reconnection: false,
      transports: ['websocket'],
      timeout: ATTEMPT_MS,
      auth: (say) => say(events.hello()),
    });
    this.#socket.on('snapshot', (snapshot) => {
      this.#opened();
      events.snapshot(snapshot);
    });
    this.#socket.on('batch', (batch) => {
      this.#opened();
      events.batch(batch);
    });
    this.#socket.on('disconnect', () => this.#lost());
    this.#socket.on('connect_error', () => this.#lost());
  }

  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#socket.connect();
  }

  /** Tries again at once, where it is waiting to. */
  retry(): void {
    if (this.#timer === undefined) return;
    this.#attempt = 0;
    this.open();
  }

  /** Closes and opens again, to be told what is missing. */
  resync(): void {
    this.#socket.disconnect();
  }

  /** Undefined where the connection is not open, or closes first; so for all that is asked below. */
  watch(coin: string): Promise<WatchAnswer | undefined> {
    return this.#ask((socket, answer) => socket.emit('watch', coin, answer));
  }

  compare(coins: readonly string[]): Promise<CompareAnswer | undefined> {
    return this.#ask((socket, answer) => socket.emit('compare', coins, answer));
  }

  pipeline(follows: boolean): Promise<PipelineAnswer | undefined> {
    return this.#ask((socket, answer) => socket.emit('pipeline', follows, answer));
  }

  tail(wish: TailWish | null): Promise<TailAnswer | undefined> {
    return this.#ask((socket, answer) => socket.emit('tail', wish, answer));
  }

  timelapse(wish: TimelapseWish): Promise<TimelapseAnswer | undefined> {
    return this.#ask((socket, answer) => socket.emit('timelapse', wish, answer));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#socket.off('disconnect');
    this.#socket.disconnect();
  }

  #ask<Answer>(
    emit: (socket: TimedSocket, answer: (error: Error | null, answer: Answer) => void) => void,
  ): Promise<Answer | undefined> {
    if (!this.#socket.connected) return Promise.resolve(undefined);
    return new Promise((resolve) =>
      emit(this.#socket.timeout(ATTEMPT_MS), (error, answer) => resolve(error === null ? answer : undefined)),
    );
  }

  #opened(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#attempt = 0;
    this.#lostAt = undefined;
    this.#events.state({ kind: 'open' });
  }

  #lost(): void {
    this.#isOpen = false;
    const now = Date.now();
    this.#lostAt ??= now;
    const delay = this.#events.isBackAtOnce() ? AT_ONCE_MS : retryDelay(this.#attempt, Math.random);
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), delay);
    this.#events.state({ kind: 'lost', since: this.#lostAt, retryAt: now + delay });
  }
}
