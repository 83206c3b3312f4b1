import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import {
  type ClientToServer,
  type CompareAnswer,
  MAX_COMPARED,
  type ServerToClient,
  type WatchAnswer,
} from '../../contract.ts';
import type { ChangeSet } from '../view/change-set.ts';
import { ChangeRing } from './change-ring.ts';
import { Client, type ClientSocket, type Following, roomOf } from './client.ts';
import { followedChange, type FrameSource, marketBatch, snapshotOf } from './frames.ts';
import { parseCompared, parseHello, parseWatch } from './hello.ts';
import { isOriginAllowed } from './origin.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';

export interface GatewayLimits {
  /** A client that drains nothing for this long is dropped. */
  readonly drainMs: number;
  readonly maxClients: number;
  /** The largest message that a client may send. */
  readonly maxMessageBytes: number;
  /** Requests of one client; those above are refused. */
  readonly requests: RateLimit;
  /** Everything that one client sends; above, it is dropped. */
  readonly packets: RateLimit;
}

export interface GatewayOptions {
  readonly http: HttpServer;
  readonly source: FrameSource;
  readonly allowedOrigins: readonly string[];
  readonly limits: GatewayLimits;
  readonly onEvent: (event: GatewayEvent) => void;
}

export type GatewayEvent = 'snapshot' | 'resumed' | 'batch' | 'behind' | 'refused' | 'dropped';

/** The live end: a snapshot, then numbered batches, to every page that is open. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: Server<ClientToServer, ServerToClient, Record<string, never>, Record<string, never>>;
  readonly #clients = new Map<string, Client>();
  readonly #ring = new ChangeRing();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#io = new Server(options.http, {
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: options.limits.maxMessageBytes,
      perMessageDeflate: false,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      allowRequest: (request, answer) => {
        if (!isOriginAllowed(request, options.allowedOrigins)) this.#refuse(answer, 'origin not allowed');
        else if (this.#clients.size >= options.limits.maxClients) this.#refuse(answer, 'too many clients');
        else answer(null, true);
      },
    });
    this.#io.on('connection', (socket) => this.#connected(socket));
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Sends what changed to everyone, one frame each. */
  flush(changes: ChangeSet): void {
    if (changes.size === 0) return;
    this.sweep();
    const { source, onEvent } = this.#options;
    const since = this.#ring.last;
    const seq = this.#ring.push(changes);
    const market = marketBatch(source, changes, { since, seq });
    const others: string[] = [];
    for (const [room, following] of this.#rooms()) {
      const followed = followedChange(source.view, changes, following);
      if (followed === undefined) others.push(room);
      else this.#io.to(room).emit('batch', { ...market, ...followed });
    }
    if (others.length > 0) this.#io.to(others).emit('batch', market);
    onEvent('batch');
  }

  /** Looks after those who don't drain. */
  sweep(): void {
    const { source, limits, onEvent } = this.#options;
    const now = source.now();
    for (const client of this.#clients.values()) {
      if (client.fallsBehind(this.#ring.last, now, (since) => this.#resume(client, since))) onEvent('behind');
      if (client.behindSince === undefined || now - client.behindSince <= limits.drainMs) continue;
      onEvent('dropped');
      client.drop();
    }
  }

  async close(): Promise<void> {
    await this.#io.close();
  }

  #refuse(answer: (error: string, allowed: boolean) => void, why: string): void {
    this.#options.onEvent('refused');
    answer(why, false);
  }

  #connected(socket: ClientSocket): void {
    const { source, limits, onEvent } = this.#options;
    const { epoch, seq, coin, compared = [] } = parseHello(socket.handshake.auth);
    const client = new Client(socket, { coin, compared: [...new Set(compared)] });
    this.#clients.set(socket.id, client);
    socket.on('disconnect', () => void this.#clients.delete(socket.id));
    const packets = new TokenBucket(limits.packets, source.now);
    socket.conn.on('packet', () => {
      if (packets.take()) return;
      onEvent('dropped');
      client.drop();
    });
    const requests = new TokenBucket(limits.requests, source.now);
    socket.on('watch', (asked: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      const reply = answer as (answer: WatchAnswer) => void;
      reply(requests.take() ? this.#watch(client, asked) : tooMany);
    });
    socket.on('compare', (asked: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      const reply = answer as (answer: CompareAnswer) => void;
      reply(requests.take() ? this.#compare(client, asked) : tooMany);
    });
    this.#resume(client, epoch === source.epoch ? seq : undefined);
    client.join();
  }

  #watch(client: Client, asked: unknown): WatchAnswer {
    const coin = parseWatch(asked);
    if (coin === undefined) return { kind: 'refused', reason: 'a coin is text of 1 to 512 characters' };
    if (client.behindSince !== undefined) return tooSlow;
    client.follow({ coin: coin ?? undefined });
    if (coin === null) return { kind: 'none' };
    const history = this.#options.source.view.history(coin);
    return history === undefined ? { kind: 'unknown-coin' } : { kind: 'history', history };
  }

  #compare(client: Client, asked: unknown): CompareAnswer {
    const compared = parseCompared(asked);
    if (compared === undefined)
      return { kind: 'refused', reason: `compare at most ${MAX_COMPARED} coins, each text of 1 to 512 characters` };
    if (client.behindSince !== undefined) return tooSlow;
    client.follow({ compared });
    return { kind: 'closes', closes: compared.map((coin) => this.#options.source.view.closes(coin)) };
  }

  /** What it missed since that flush, or everything. */
  #resume(client: Client, since: number | undefined): void {
    const { source, onEvent } = this.#options;
    const seq = this.#ring.last;
    const missed = since === undefined ? undefined : this.#ring.after(since);
    if (since === undefined || missed === undefined) {
      onEvent('snapshot');
      client.socket.emit('snapshot', snapshotOf(source, seq, client.following));
      return;
    }
    onEvent('resumed');
    missed.status = true;
    const followed = followedChange(source.view, missed, client.following);
    client.socket.emit('batch', { ...marketBatch(source, missed, { since, seq }), ...followed });
  }

  #rooms(): ReadonlyMap<string, Following> {
    return new Map([...this.#clients.values()].map(({ following }) => [roomOf(following), following]));
  }
}

const tooMany = { kind: 'refused', reason: 'too many requests; wait a second' } as const;
const tooSlow = { kind: 'refused', reason: 'the connection is too slow; wait' } as const;
