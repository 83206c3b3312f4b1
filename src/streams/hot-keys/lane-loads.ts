import type { LaneDemand, RecordCosts } from './lane-demand.ts';
import { median } from './median.ts';

/** How unequal lanes are; times in microseconds of work in the horizon. */
export interface Skew {
  readonly max: number;
  readonly median: number;
  /** max / median; 1 where nobody has anything to do, Infinity where only the busiest has. */
  readonly ratio: number;
  /** What the busiest owner has to do over all its lanes: how long the horizon's records take. */
  readonly makespan: number;
}

/** The work of each lane, while records are thought to move between them. */
export class LaneLoads {
  readonly #costs: RecordCosts;
  readonly #loads: Map<number, number>;
  readonly #owners: ReadonlyMap<number, string>;

  constructor(demands: readonly LaneDemand[], costs: RecordCosts) {
    this.#costs = costs;
    this.#loads = new Map(demands.map(({ lane, records }) => [lane, records * costs.workUs]));
    this.#owners = new Map(demands.map(({ lane, owner }) => [lane, owner]));
  }

  /** Moves records where the busier of the two is the less busy for it; false otherwise. */
  move(from: number, to: number, records: number): boolean {
    const { workUs, sendUs, receiveUs } = this.#costs;
    const left = this.#of(from) - records * (workUs - sendUs);
    const there = this.#of(to) + records * (workUs + receiveUs);
    if (Math.max(left, there) >= this.#of(from)) return false;
    this.#loads.set(from, left);
    this.#loads.set(to, there);
    return true;
  }

  /** As `move`, whatever comes of it. */
  deal(from: number, cycle: readonly number[], records: number): void {
    const { workUs, sendUs, receiveUs } = this.#costs;
    const part = records / cycle.length;
    for (const to of cycle) {
      if (to === from) continue;
      this.#loads.set(from, this.#of(from) - part * (workUs - sendUs));
      this.#loads.set(to, this.#of(to) + part * (workUs + receiveUs));
    }
  }

  busiest(): number {
    return this.#extreme((load, found) => load > found);
  }

  idlest(): number {
    return this.#extreme((load, found) => load < found);
  }

  skew(): Skew {
    const loads = [...this.#loads.values()];
    const max = Math.max(0, ...loads);
    const middle = median(loads);
    const byOwner = new Map<string, number>();
    for (const [lane, owner] of this.#owners) byOwner.set(owner, (byOwner.get(owner) ?? 0) + this.#of(lane));
    return { max, median: middle, ratio: max === 0 ? 1 : max / middle, makespan: Math.max(0, ...byOwner.values()) };
  }

  #of(lane: number): number {
    return this.#loads.get(lane) ?? 0;
  }

  #extreme(isMore: (load: number, found: number) => boolean): number {
    let found: readonly [number, number] | undefined;
    for (const entry of this.#loads) if (found === undefined || isMore(entry[1], found[1])) found = entry;
    if (found === undefined) throw new RangeError('there are no lanes');
    return found[0];
  }
}
