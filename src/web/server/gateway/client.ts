import type { Socket } from 'socket.io';
import type { ClientToServer, ServerToClient } from '../../contract.ts';
import type { TailWish } from '../../pipeline-contract.ts';

export type ClientSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Record<string, never>>;

/** What a page follows beside the market: one coin's history, the closes of those that it is compared with, the flow. */
export interface Following {
  readonly coin: string | undefined;
  readonly compared: readonly string[];
  /** The pipeline's figures. */
  readonly pipeline: boolean;
  readonly tail: TailWish | undefined;
}

/** Everyone who follows the same gets the same frame. */
export const roomOf = ({ coin, compared, pipeline, tail }: Following): string =>
  coin === undefined && compared.length === 0 && !pipeline && tail === undefined
    ? 'market'
    : JSON.stringify([coin, compared, pipeline, tail && [tail.topic, tail.filter]]);

/** Every room that somebody is in, with what is followed there. */
export const roomsOf = (clients: Iterable<Client>): ReadonlyMap<string, Following> =>
  new Map([...clients].map(({ following }) => [roomOf(following), following]));

/**
 * One connection. While its last frame is still on its way out of this process it falls behind: it is in no room, so that
 * nothing piles up for it, and gets what it missed in one frame when it has drained.
 */
export class Client {
  readonly socket: ClientSocket;
  following: Following;
  /** Set while it is behind: the last flush that it was sent, and since when nothing drains. */
  #behind: { readonly seq: number; readonly at: number } | undefined;

  #isIn = false;

  constructor(socket: ClientSocket, following: Following) {
    this.socket = socket;
    this.following = following;
  }

  get behindSince(): number | undefined {
    return this.#behind?.at;
  }

  join(): void {
    this.#isIn = true;
    void this.socket.join(roomOf(this.following));
  }

  /** Gets nothing more until it joins. */
  leave(): void {
    if (this.#isIn) void this.socket.leave(roomOf(this.following));
    this.#isIn = false;
  }

  follow(change: Partial<Following>): void {
    const isIn = this.#isIn;
    this.leave();
    this.following = { ...this.following, ...change };
    if (isIn) this.join();
  }

  /** True when it hasn't drained since now; `drained` is called once it has, with the last flush that it was sent. */
  fallsBehind(seq: number, now: number, drained: (since: number) => void): boolean {
    if (this.#behind !== undefined || this.socket.conn.transport.writable) return false;
    const behind = { seq, at: now };
    this.#behind = behind;
    this.leave();
    this.socket.conn.transport.once('ready', () => {
      if (this.#behind !== behind || !this.socket.connected) return;
      this.#behind = undefined;
      drained(behind.seq);
    });
    return true;
  }

  /** Closes the connection at once, whatever is still to be sent. */
  drop(): void {
    this.socket.conn.request.socket.destroy();
    this.socket.disconnect(true);
  }
}
