import type { LaneDemand, RecordCosts } from './lane-demand.ts';
import { LaneLoads, type Skew } from './lane-loads.ts';
import { spread } from './spread.ts';

/** A key whose records are dealt out over lanes. */
export interface SaltedKey {
  readonly key: string;
  /** Where its records come in. */
  readonly home: number;
  /** Where they go, in turn; its home stands for staying there. */
  readonly cycle: readonly number[];
}

/** What is dealt out, and what that is predicted to do to the lanes. */
export interface Balance {
  readonly salted: readonly SaltedKey[];
  readonly before: Skew;
  readonly after: Skew;
}

/** Salting goes on until the busiest lane has no more than this times the median. */
const WANTED_RATIO = 1.2;
/** A key's records are dealt out in so many parts: as fine as the imbalance that is wanted. */
const PARTS = 64;

/**
 * Deals the records of hot keys out until the predicted max/median of the lanes is at most 1.2, or nothing more is gained:
 * part by part, from the busiest lane to the idlest. So a key gets as many salts as its share asks for, and what fits at home
 * stays there, without the detour. Only what a key has for certain is counted as movable.
 */
export function balance(demands: readonly LaneDemand[], costs: RecordCosts): Balance {
  const loads = new LaneLoads(demands, costs);
  const before = loads.skew();
  const movable = new Map(demands.map((demand) => [demand.lane, keysOf(demand)]));
  while (loads.skew().ratio > WANTED_RATIO) {
    const from = loads.busiest();
    const key = movable.get(from)?.find(({ partsLeft }) => partsLeft > 0);
    const to = loads.idlest();
    if (key === undefined || !loads.move(from, to, key.recordsAPart)) break;
    key.partsLeft--;
    key.moved.set(to, (key.moved.get(to) ?? 0) + 1);
  }
  const salted = [...movable].flatMap(([home, keys]) => keys.filter(({ moved }) => moved.size > 0).map(saltedAt(home)));
  return { salted, before, after: loads.skew() };
}

interface MovableKey {
  readonly key: string;
  readonly recordsAPart: number;
  partsLeft: number;
  /** Parts by the lane they went to. */
  readonly moved: Map<number, number>;
}

const keysOf = ({ heaviest }: LaneDemand): readonly MovableKey[] =>
  heaviest
    .map(({ key, count, error }) => ({
      key,
      recordsAPart: (count - error) / PARTS,
      partsLeft: PARTS,
      moved: new Map(),
    }))
    .filter(({ recordsAPart }) => recordsAPart > 0)
    .sort((a, b) => b.recordsAPart - a.recordsAPart);

const saltedAt =
  (home: number) =>
  ({ key, moved, partsLeft }: MovableKey): SaltedKey => ({
    key,
    home,
    cycle: spread(new Map([...moved, [home, partsLeft]])),
  });
