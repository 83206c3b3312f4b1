import type { Server as HttpServer } from 'node:http';
import type { SchedulerLike } from 'rxjs';
import { Server } from 'socket.io';
import type { ClientToServer, ServerToClient } from '../../contract.ts';
import type { ChangeSet } from '../view/change-set.ts';
import { ChangeRing } from './change-ring.ts';
import { Client, type ClientSocket, roomsOf } from './client.ts';
import { followedChange, followedSnapshot, marketBatch, marketSnapshot, noNews } from './frames.ts';
import type { FlowNews, FrameSource } from './frames.ts';
import { type FlowSource, followPipeline, followTail } from './follow-flow.ts';
import { followCloses, followCoin } from './follow-coins.ts';
import { parseHello } from './hello.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import { isOriginAllowed } from './origin.ts';
import { Newcomers } from './newcomers.ts';
import { refusals } from './refusals.ts';
import { steerTimelapse } from './steer-timelapse.ts';
import type { TimelapseControls } from '../timelapse/timelapse-controls.ts';
import { TokenBucket } from './token-bucket.ts';

export interface GatewayOptions {
  readonly http: HttpServer;
  readonly source: FrameSource;
  readonly flow: FlowSource;
  /** Absent where no time-lapse is played. */
  readonly timelapse?: TimelapseControls | undefined;
  readonly allowedOrigins: readonly string[];
  readonly limits: GatewayLimits;
  readonly scheduler: SchedulerLike;
  readonly onEvent: (event: GatewayEvent) => void;
}

export type GatewayEvent = 'snapshot' | 'resumed' | 'batch' | 'behind' | 'refused' | 'dropped';

/** The live end: a snapshot, then numbered batches, to every page that is open. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: Server<ClientToServer, ServerToClient, Record<string, never>, Record<string, never>>;
  readonly #clients = new Map<string, Client>();
  readonly #ring = new ChangeRing();
  readonly #newcomers: Newcomers;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#newcomers = new Newcomers(options.scheduler, (groups) => this.#welcome(groups));
    this.#io = new Server(options.http, {
      serveClient: false,
      transports: ['websocket'],
      maxHttpBufferSize: options.limits.maxMessageBytes,
      perMessageDeflate: false,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      allowRequest: (request, answer) => {
        // Connections are counted, not clients: one that never asks for anything takes room all the same.
        if (!isOriginAllowed(request, options.allowedOrigins)) this.#refuse(answer, 'origin not allowed');
        else if (this.#io.engine.clientsCount >= options.limits.maxClients) this.#refuse(answer, 'too many clients');
        else answer(null, true);
      },
    });
    this.#io.on('connection', (socket) => this.#connected(socket));
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Whether somebody follows the pipeline's figures. */
  get isPipelineFollowed(): boolean {
    return [...this.#clients.values()].some(({ following }) => following.pipeline);
  }

  /** Sends what changed to everyone, a frame each; news of the flow alone, without a number, to who follows it. How much it was. */
  flush(changes: ChangeSet, news: FlowNews = noNews): number {
    const isNumbered = changes.size > 0;
    if (!isNumbered && news === noNews) return 0;
    this.sweep();
    const { source, onEvent } = this.#options;
    const since = this.#ring.last;
    const seq = isNumbered ? this.#ring.push(changes) : since;
    const market = marketBatch(source, changes, { since, seq });
    const others: string[] = [];
    for (const [room, following] of roomsOf(this.#clients.values())) {
      const followed = followedChange(source.view, changes, news, following);
      if (followed === undefined) others.push(room);
      else this.#io.to(room).emit('batch', { ...market, ...followed });
    }
    if (isNumbered && others.length > 0) this.#io.to(others).emit('batch', market);
    onEvent('batch');
    return Math.max(1, changes.size);
  }

  /** Looks after those who don't drain. */
  sweep(): void {
    const { source, limits, onEvent } = this.#options;
    const now = source.now();
    for (const client of this.#clients.values()) {
      if (this.#newcomers.has(client)) continue;
      if (client.fallsBehind(this.#ring.last, now, (since) => this.#resume(client, since))) onEvent('behind');
      if (client.behindSince === undefined || now - client.behindSince <= limits.drainMs) continue;
      onEvent('dropped');
      client.drop();
    }
  }

  async close(): Promise<void> {
    this.#newcomers.clear();
    await this.#io.close();
  }

  #refuse(answer: (error: string, allowed: boolean) => void, why: string): void {
    this.#options.onEvent('refused');
    answer(why, false);
  }

  #connected(socket: ClientSocket): void {
    const { source, limits, onEvent } = this.#options;
    const { epoch, seq, coin, compared = [] } = parseHello(socket.handshake.auth);
    const client = new Client(socket, { coin, compared: [...new Set(compared)], pipeline: false, tail: undefined });
    this.#clients.set(socket.id, client);
    socket.on('disconnect', () => {
      this.#clients.delete(socket.id);
      this.#newcomers.remove(client);
      this.#options.flow.tails.leave(socket.id);
    });
    const packets = new TokenBucket(limits.packets, source.now);
    socket.conn.on('packet', () => {
      if (packets.take()) return;
      onEvent('dropped');
      client.drop();
    });
    this.#listen(client, new TokenBucket(limits.requests, source.now));
    this.#resume(client, epoch === source.epoch ? seq : undefined);
  }

  /** Everything that a client may ask for, at the rate that it may. Who wants no answer gets nothing. */
  #listen(client: Client, requests: TokenBucket): void {
    const { socket } = client;
    const on = (event: keyof ClientToServer, answerTo: (asked: unknown) => object): void =>
      void socket.on(event, (asked: unknown, answer: unknown) => {
        if (typeof answer !== 'function') return;
        (answer as (answer: object) => void)(requests.take() ? answerTo(asked) : refusals.tooMany);
      });
    on('watch', (asked) => followCoin(this.#options.source.view, client, asked));
    on('compare', (asked) => followCloses(this.#options.source.view, client, asked));
    on('pipeline', (asked) => followPipeline(this.#options.flow, client, asked));
    on('tail', (asked) => followTail(this.#options.flow, client, asked));
    on('timelapse', (asked) => steerTimelapse(this.#options.timelapse, asked));
  }

  /** Tells it what it missed since that flush, or everything; then it is in its room. */
  #resume(client: Client, since: number | undefined): void {
    const { source, onEvent } = this.#options;
    const seq = this.#ring.last;
    const missed = since === undefined ? undefined : this.#ring.after(since);
    if (since === undefined || missed === undefined) return this.#newcomers.add(client);
    onEvent('resumed');
    missed.status = true;
    const followed = followedChange(source.view, missed, noNews, client.following);
    client.socket.emit('batch', { ...marketBatch(source, missed, { since, seq }), ...followed });
    client.join();
  }

  /** One snapshot for all, and the same bytes for those who follow the same. */
  #welcome(groups: readonly (readonly Client[])[]): void {
    const { source, onEvent } = this.#options;
    const market = marketSnapshot(source, this.#ring.last);
    for (const clients of groups) {
      const ids = clients.map(({ socket }) => socket.id);
      const followed = clients[0] && followedSnapshot(source.view, clients[0].following);
      this.#io.to(ids).emit('snapshot', { ...market, ...followed });
      for (const client of clients) {
        onEvent('snapshot');
        client.join();
      }
    }
  }
}
