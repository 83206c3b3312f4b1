import type { SchedulerLike } from 'rxjs';
import { type Client, roomOf } from './client.ts';

/**
 * Clients that wait for their snapshot, in no room until they have it. Whoever comes in one turn is welcomed together: after
 * a restart all pages come at once, and a snapshot for each would hold up everybody.
 */
export class Newcomers {
  readonly #clients = new Set<Client>();
  readonly #scheduler: SchedulerLike;
  readonly #welcome: (groups: readonly (readonly Client[])[]) => void;

  /** `welcome` gets them by what they follow. */
  constructor(scheduler: SchedulerLike, welcome: (groups: readonly (readonly Client[])[]) => void) {
    this.#scheduler = scheduler;
    this.#welcome = welcome;
  }

  has(client: Client): boolean {
    return this.#clients.has(client);
  }

  add(client: Client): void {
    this.#clients.add(client);
    if (this.#clients.size === 1) this.#scheduler.schedule(() => this.#turn());
  }

  remove(client: Client): void {
    this.#clients.delete(client);
  }

  clear(): void {
    this.#clients.clear();
  }

  #turn(): void {
    const rooms = new Map<string, Client[]>();
    for (const client of this.#clients) {
      const room = rooms.get(roomOf(client.following));
      if (room === undefined) rooms.set(roomOf(client.following), [client]);
      else room.push(client);
    }
    this.#clients.clear();
    if (rooms.size > 0) this.#welcome([...rooms.values()]);
  }
}
