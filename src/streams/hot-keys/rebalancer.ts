import { type Balance, balance, type SaltedKey } from './balance.ts';
import type { LaneDemand, RecordCosts } from './lane-demand.ts';
import { LaneLoads, type Skew } from './lane-loads.ts';

/** When a rebalancer acts. */
export interface RebalanceSpec {
  /** What the demands are taken over. */
  readonly horizonMs: number;
  /** A lane is a straggler when it has more than so many times the median's work to do. */
  readonly stragglerRatio: number;
  /** And more than so much of one thread's time. */
  readonly floorShare: number;
  /** Keys are un-salted when without salts the busiest would have less than so many times the median, for so long. */
  readonly calmRatio: number;
  readonly calmMs: number;
  /** The salts are dealt anew when what they are predicted to leave exceeds this max/median. */
  readonly driftRatio: number;
  /** So long after a decision nothing is salted or dealt anew: what is measured of costs swings more than loads do. */
  readonly dwellMs: number;
  /** Salting must shorten the time that the horizon's records take to less than this share of it. */
  readonly gainShare: number;
  /** Nor is anything salted unless the work on a record costs so many times its detour; it is un-salted below the other. */
  readonly worthRatio: number;
  readonly dearRatio: number;
}

/** What `adaptive` goes by. The ratios of acting and of ceasing lie far apart, so that no noise makes it waver. */
export const adaptiveSpec: RebalanceSpec = {
  horizonMs: 10_000,
  stragglerRatio: 5,
  floorShare: 0.2,
  calmRatio: 2.5,
  calmMs: 30_000,
  driftRatio: 1.5,
  dwellMs: 10_000,
  gainShare: 0.9,
  worthRatio: 4,
  dearRatio: 2,
};

/** A change of what is salted, with the numbers that it was made by. */
export interface Decision {
  readonly kind: 'salt' | 'deal anew' | 'un-salt';
  readonly salted: readonly SaltedKey[];
  /** As it would be without salts. */
  readonly before: Skew;
  /** As it is predicted to be. */
  readonly after: Skew;
  readonly costs: RecordCosts;
}

/**
 * Decides which keys are salted, look by look. It goes by what the lanes would have to do without salts, which salting does
 * not change: so a decision can't be the cause of the next one, and the loop can't swing.
 *
 * ```
 *                 over 5, over the floor, and the detour costs a quarter at most
 *        nothing ─────────────────────────────────────────────► salted ──┐ predicted > 1.5:
 *        salted  ◄───────────────────────────────────────────── ▲  └─────┘ deal anew
 *                 max/median < 2.5 for 30 s, or the detour costs half the work
 * ```
 */
export class Rebalancer {
  readonly #spec: RebalanceSpec;
  #salted: readonly SaltedKey[] = [];
  #decidedAt = -Infinity;
  #calmSince: number | undefined;

  constructor(spec: RebalanceSpec) {
    this.#spec = spec;
  }

  /** What is salted now. */
  get salted(): readonly SaltedKey[] {
    return this.#salted;
  }

  /** One look at `now`, in milliseconds; undefined where everything stays as it is. */
  look(now: number, demands: readonly LaneDemand[], costs: RecordCosts): Decision | undefined {
    if (demands.length < 2) return undefined;
    return this.#salted.length === 0 ? this.#salt(now, demands, costs) : this.#keep(now, demands, costs);
  }

  #salt(now: number, demands: readonly LaneDemand[], costs: RecordCosts): Decision | undefined {
    const { stragglerRatio, floorShare, horizonMs, dwellMs } = this.#spec;
    if (now - this.#decidedAt < dwellMs) return undefined;
    const { max, ratio } = new LaneLoads(demands, costs).skew();
    if (ratio <= stragglerRatio || max <= floorShare * horizonMs * 1000) return undefined;
    const dealt = balance(demands, costs);
    return worthOf(costs) >= this.#spec.worthRatio && this.#gains(dealt)
      ? this.#deal('salt', now, dealt, costs)
      : undefined;
  }

  #keep(now: number, demands: readonly LaneDemand[], costs: RecordCosts): Decision | undefined {
    const { calmRatio, calmMs, driftRatio, dwellMs } = this.#spec;
    const before = new LaneLoads(demands, costs).skew();
    this.#calmSince = before.ratio < calmRatio ? (this.#calmSince ?? now) : undefined;
    const isCalm = this.#calmSince !== undefined && now - this.#calmSince >= calmMs;
    if (isCalm || worthOf(costs) < this.#spec.dearRatio) return this.#unsalt(now, before, costs);
    if (now - this.#decidedAt < dwellMs || predicted(demands, costs, this.#salted).ratio <= driftRatio)
      return undefined;
    const dealt = balance(demands, costs);
    if (before.ratio < calmRatio || !this.#gains(dealt)) return undefined;
    const isSame = JSON.stringify(dealt.salted) === JSON.stringify(this.#salted);
    return isSame ? undefined : this.#deal('deal anew', now, dealt, costs);
  }

  #deal(kind: 'salt' | 'deal anew', now: number, dealt: Balance, costs: RecordCosts): Decision {
    this.#salted = dealt.salted;
    this.#decidedAt = now;
    this.#calmSince = undefined;
    return { kind, ...dealt, costs };
  }

  #unsalt(now: number, before: Skew, costs: RecordCosts): Decision {
    this.#salted = [];
    this.#decidedAt = now;
    this.#calmSince = undefined;
    return { kind: 'un-salt', salted: [], before, after: before, costs };
  }

  #gains({ salted, before, after }: Balance): boolean {
    return salted.length > 0 && after.makespan < this.#spec.gainShare * before.makespan;
  }
}

/** How many times its detour the work on a record costs. Every detour is processor time that nobody had to spend before. */
const worthOf = ({ workUs, sendUs, receiveUs }: RecordCosts): number => workUs / Math.max(1e-9, sendUs + receiveUs);

/** What the salts make of present demands. */
function predicted(demands: readonly LaneDemand[], costs: RecordCosts, salted: readonly SaltedKey[]): Skew {
  const loads = new LaneLoads(demands, costs);
  for (const { key, home, cycle } of salted) {
    const found = demands.find(({ lane }) => lane === home)?.heaviest.find((each) => each.key === key);
    if (found !== undefined) loads.deal(home, cycle, found.count - found.error);
  }
  return loads.skew();
}
