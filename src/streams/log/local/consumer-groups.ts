import type { GroupMember, Membership } from '../log.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { ReadSide } from './read-side.ts';

/** The consumer groups of one log, by name. */
export class ConsumerGroups {
  readonly #side: ReadSide;
  readonly #groups = new Map<string, ConsumerGroup>();

  constructor(side: ReadSide) {
    this.#side = side;
  }

  join(group: string, topics: readonly string[], member: GroupMember): Promise<Membership> {
    const found = this.#groups.get(group) ?? new ConsumerGroup(this.#side);
    this.#groups.set(group, found);
    return found.join(topics, member);
  }

  /** Takes every partition from every member of every group. */
  async close(): Promise<void> {
    await Promise.all([...this.#groups.values()].map((group) => group.close()));
  }
}
