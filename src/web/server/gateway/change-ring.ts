import { ChangeSet } from '../view/change-set.ts';

/** Beyond this many keys, old flushes are forgotten: who missed them takes a snapshot. */
const MAX_KEYS = 50_000;
const MAX_FLUSHES = 1000;

/** What the last flushes changed, by their numbers. */
export class ChangeRing {
  readonly #flushes: ChangeSet[] = [];
  #keys = 0;
  /** The number of the newest flush; 0 before the first. */
  last = 0;

  /** Notes the next flush; its number. */
  push(changes: ChangeSet): number {
    this.#flushes.push(changes);
    this.#keys += changes.size;
    while (this.#flushes.length > MAX_FLUSHES || this.#keys > MAX_KEYS) this.#keys -= this.#flushes.shift()?.size ?? 0;
    this.last += 1;
    return this.last;
  }

  /** The changes of the flushes `(since, last]` together; undefined where some are forgotten, or never were. */
  after(since: number): ChangeSet | undefined {
    const missed = this.last - since;
    if (!Number.isSafeInteger(since) || missed < 0 || missed > this.#flushes.length) return undefined;
    const changes = new ChangeSet();
    for (const flush of this.#flushes.slice(this.#flushes.length - missed)) changes.add(flush);
    return changes;
  }
}
