import { io, type Socket } from 'socket.io-client';
import { withSpark } from '../../../src/web/client/market/spark.ts';
import type {
  Batch,
  CoinName,
  CompareAnswer,
  HistoryRow,
  MarketRow,
  ServerToClient,
  Snapshot,
  WatchAnswer,
} from '../../../src/web/contract.ts';

type Heard =
  { readonly kind: 'snapshot'; readonly frame: Snapshot } | { readonly kind: 'batch'; readonly frame: Batch };

const WITHIN_MS = 110_000;

/** A page as the contract describes it: everything that it heard, and the tables that follow from it. */
export class TestPage {
  readonly heard: Heard[] = [];
  readonly rows = new Map<string, MarketRow>();
  readonly hours = new Map<number, HistoryRow>();
  readonly names = new Map<string, CoinName>();
  epoch: string | undefined;
  seq = -1;
  error: string | undefined;
  readonly #socket: Socket<ServerToClient>;
  #wake: () => void = () => undefined;

  constructor(url: string, hello: object, headers: Record<string, string>) {
    this.#socket = io(url, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: hello,
      extraHeaders: headers,
    });
    this.#socket.on('snapshot', (frame) => this.#hear({ kind: 'snapshot', frame }));
    this.#socket.on('batch', (frame) => this.#hear({ kind: 'batch', frame }));
    this.#socket.on('connect_error', (error) => {
      this.error = error.message;
      this.#wake();
    });
    this.#socket.on('disconnect', () => this.#wake());
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  get batches(): readonly Batch[] {
    return this.heard.flatMap(({ kind, frame }) => (kind === 'batch' ? [frame] : []));
  }

  /** Resolves when it holds; looks again at everything heard. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const deadline = setTimeout(() => this.#wake(), WITHIN_MS);
    const since = Date.now();
    while (!holds()) {
      if (Date.now() - since >= WITHIN_MS) throw new Error(`the page waited in vain until ${what}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(deadline);
  }

  /** Resolves with the first frame. */
  async first(): Promise<Heard> {
    await this.until(() => this.heard.length > 0, 'it hears something');
    return this.heard[0]!;
  }

  async snapshot(): Promise<Snapshot> {
    const { kind, frame } = await this.first();
    if (kind !== 'snapshot') throw new Error('a batch came first');
    return frame;
  }

  watch(coin: unknown): Promise<WatchAnswer> {
    return (this.#socket as Socket).timeout(30_000).emitWithAck('watch', coin) as Promise<WatchAnswer>;
  }

  compare(coins: unknown): Promise<CompareAnswer> {
    return (this.#socket as Socket).timeout(30_000).emitWithAck('compare', coins) as Promise<CompareAnswer>;
  }

  /** Asks anything. */
  ask(event: string, asked: unknown): Promise<unknown> {
    return (this.#socket as Socket).timeout(30_000).emitWithAck(event, asked);
  }

  /** Sends anything. */
  send(event: string, ...values: readonly unknown[]): void {
    (this.#socket as Socket).emit(event, ...values);
  }

  async closed(): Promise<void> {
    await this.until(() => !this.#socket.connected, 'the connection is closed');
  }

  close(): void {
    this.#socket.disconnect();
  }

  #hear(heard: Heard): void {
    this.heard.push(heard);
    if (heard.kind === 'snapshot') {
      this.rows.clear();
      this.hours.clear();
      this.epoch = heard.frame.epoch;
      for (const row of heard.frame.history?.rows ?? []) this.hours.set(row.ts, row);
    }
    for (const name of heard.frame.names ?? []) this.names.set(name.coin, name);
    for (const row of heard.frame.coins ?? []) this.rows.set(row.coin, withSpark(row, this.rows.get(row.coin)));
    if (heard.kind === 'batch') {
      for (const coin of heard.frame.removed ?? []) this.rows.delete(coin);
      if (heard.frame.history?.reset) this.hours.clear();
      for (const row of heard.frame.history?.rows ?? []) this.hours.set(row.ts, row);
    }
    this.seq = heard.frame.seq;
    this.#wake();
  }
}
