import type { GroupMember, Membership } from '../log.ts';
import { AssignedPartition } from './assigned-partition.ts';
import type { ReadSide } from './read-side.ts';
import { shareOut } from './share-out.ts';

interface Slot {
  readonly topic: string;
  readonly partition: number;
}

interface Joined {
  readonly member: GroupMember;
  readonly topics: ReadonlySet<string>;
  readonly sources: Map<Slot, AssignedPartition>;
}

/**
 * A consumer group whose members all live in this process. On every join and leave, partitions that change hands are
 * first taken from their owners, all at once, and given out again when the last `revoked` has resolved.
 */
export class ConsumerGroup {
  readonly #side: ReadSide;
  readonly #slots = new Map<string, readonly Slot[]>();
  readonly #members: Joined[] = [];
  readonly #leaving = new Set<Joined>();
  #rebalancing: Promise<void> = Promise.resolve();

  constructor(side: ReadSide) {
    this.#side = side;
  }

  async join(topics: readonly string[], member: GroupMember): Promise<Membership> {
    for (const topic of topics) this.#learn(topic);
    const joined: Joined = { member, topics: new Set(topics), sources: new Map() };
    await this.#rebalance(() => this.#members.push(joined));
    return { leave: () => this.#leave(joined) };
  }

  /** Takes every partition from every member. */
  async close(): Promise<void> {
    await this.#rebalance(() => this.#members.forEach((joined) => this.#leaving.add(joined)));
  }

  async #leave(joined: Joined): Promise<void> {
    await this.#rebalance(() => this.#leaving.add(joined));
  }

  #learn(topic: string): void {
    if (this.#slots.has(topic)) return;
    const count = this.#side.partitions(topic);
    const slots = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
    this.#slots.set(topic, slots);
  }

  #rebalance(change: () => void): Promise<void> {
    const rebalanced = this.#rebalancing.then(() => {
      change();
      return this.#settle();
    });
    // A failed rebalance is its caller's to hear of; the next one starts from what is there.
    this.#rebalancing = rebalanced.catch(() => undefined);
    return rebalanced;
  }

  async #settle(): Promise<void> {
    const staying = this.#members.filter((joined) => !this.#leaving.has(joined));
    const target = this.#target(staying);
    const revocations = this.#members.flatMap((joined) =>
      [...joined.sources.keys()]
        .filter((slot) => target.get(slot) !== joined)
        .map((slot) => this.#revoke(joined, slot)),
    );
    const outcomes = await Promise.allSettled(revocations);
    this.#leaving.clear();
    this.#members.splice(0, Infinity, ...staying);
    for (const [slot, joined] of target) if (!joined.sources.has(slot)) this.#give(joined, slot);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #target(staying: readonly Joined[]): ReadonlyMap<Slot, Joined> {
    const owners = new Map(staying.flatMap((joined) => [...joined.sources.keys()].map((slot) => [slot, joined])));
    return shareOut(
      [...this.#slots.values()].flat(),
      staying,
      (joined, topic) => joined.topics.has(topic),
      (slot) => owners.get(slot),
    );
  }

  async #revoke(joined: Joined, slot: Slot): Promise<void> {
    joined.sources.get(slot)?.close();
    joined.sources.delete(slot);
    await joined.member.revoked(slot);
  }

  #give(joined: Joined, slot: Slot): void {
    const source = new AssignedPartition(this.#side, slot.topic, slot.partition);
    joined.sources.set(slot, source);
    joined.member.assigned(source);
  }
}
