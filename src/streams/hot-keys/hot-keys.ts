import type { DecisionGround } from '../task/reports.ts';
import type { SaltedKey } from './balance.ts';
import { HotPartition } from './hot-partition.ts';

/** The hot keys of every input partition that this process works on: what stage 1 and those who decide share. */
export class HotKeys {
  readonly #now: () => number;
  readonly #partitions = new Map<number, HotPartition>();
  #salted: readonly SaltedKey[] = [];
  #ground: DecisionGround | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The partition's, from the first time that it is asked for. */
  at(partition: number): HotPartition {
    let hot = this.#partitions.get(partition);
    if (hot === undefined) {
      this.#partitions.set(partition, (hot = new HotPartition(partition, this.#now)));
      hot.salt(this.#salted, this.#ground);
    }
    return hot;
  }

  /** Those that have been asked for. */
  all(): readonly HotPartition[] {
    return [...this.#partitions.values()];
  }

  /** Salts these keys, and no others, from now on; each partition takes those whose home it is. `ground`: why. */
  salt(salted: readonly SaltedKey[], ground: DecisionGround | null = null): void {
    this.#salted = salted;
    this.#ground = ground;
    for (const hot of this.#partitions.values()) hot.salt(salted, ground);
  }
}
