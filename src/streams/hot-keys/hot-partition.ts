import type { LogRecord } from '../log/record.ts';
import { formatRfc3339 } from '../rfc3339.ts';
import type { DecisionGround, HotDecision } from '../task/reports.ts';
import type { SaltedKey } from './balance.ts';
import { BundleWriter } from './bundle-writer.ts';
import { HeavyHitters, type HeavyKeys, type HorizonSpec } from './heavy-hitters.ts';

/** A key that is salted, as its records are recognised: by their bytes, unparsed. */
interface Route {
  readonly key: string;
  readonly bytes: Buffer;
  readonly cycle: readonly number[];
  turn: number;
  /** Records forwarded since they were last counted. */
  forwarded: number;
}

/** A bundle, and the partition of `pulse.hot` that it is for. */
export interface AddressedBundle {
  readonly lane: number;
  readonly bundle: Buffer;
  /** How many records are in it. */
  readonly records: number;
}

/** How keys are watched: exact for up to 64 of them in a pane of 2 s, and to 1/64 of all beyond. */
export const hotKeyHorizon: HorizonSpec = { horizonMs: 10_000, panes: 5, capacity: 64 };

/** What stage 1 knows and does about the hot keys of one partition of its input. */
export class HotPartition {
  readonly partition: number;
  readonly #now: () => number;
  readonly #hitters = new HeavyHitters(hotKeyHorizon);
  readonly #bundles = new Map<number, BundleWriter>();
  #routes: Route[] = [];
  #decision: HotDecision | undefined;
  #isDue = false;

  /** `now`: milliseconds, never going back. */
  constructor(partition: number, now: () => number) {
    this.partition = partition;
    this.#now = now;
  }

  /** What is salted from the next record on. A key that stays salted goes on where its cycle is. `ground`: why. */
  salt(salted: readonly SaltedKey[], ground: DecisionGround | null = null): void {
    this.#countForwarded();
    const [before, known] = [this.salted, dealsOf(this.#routes)];
    this.#routes = salted
      .filter(({ home }) => home === this.partition)
      .map(({ key, cycle }) => ({
        key,
        bytes: Buffer.from(key, 'utf8'),
        cycle,
        turn: this.#turnOf(key),
        forwarded: 0,
      }));
    if (dealsOf(this.#routes) === known) return;
    // A clock may count parts of a millisecond.
    const at = formatRfc3339(Math.floor(this.#now()));
    if (this.#routes.length === 0) this.#decision = { at, kind: 'un-salt', keys: before, ground };
    else this.#decision = { at, kind: before.length === 0 ? 'salt' : 'deal anew', keys: this.salted, ground };
  }

  /** The last change of what is salted here. */
  get decision(): HotDecision | undefined {
    return this.#decision;
  }

  /** The keys that are salted, with how many partitions each is dealt out over. */
  get salted(): readonly { readonly key: string; readonly salts: number }[] {
    return this.#routes.map(({ key, cycle }) => ({ key, salts: new Set(cycle).size }));
  }

  /** Records of a key that came in, whether they were forwarded or not. */
  count(key: string, records: number): void {
    this.#hitters.add(key, records, this.#now());
  }

  /** The keys that come in most. */
  heaviest(): HeavyKeys {
    this.#countForwarded();
    return this.#hitters.heaviest(this.#now());
  }

  /**
   * Whether the record's work is done elsewhere; then it is in a bundle. With nothing salted, as nearly always, this is one
   * comparison; else it compares bytes with those of each hot key, of which there are a handful.
   */
  forwards(record: LogRecord): boolean {
    if (this.#routes.length === 0) return false;
    const route = this.#routeOf(record.key);
    if (route === undefined || !BundleWriter.takes(record)) return false;
    const lane = route.cycle[route.turn++ % route.cycle.length];
    if (lane === undefined || lane === this.partition) return false;
    const bundle = this.#bundleFor(lane);
    bundle.add(record);
    route.forwarded++;
    this.#isDue ||= bundle.isFull;
    return true;
  }

  /** Whether there are bundles that are full. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** The bundles that are full. */
  full(): readonly AddressedBundle[] {
    this.#isDue = false;
    return this.#take(({ isFull }) => isFull);
  }

  /** Every bundle that has something; none is kept. */
  all(): readonly AddressedBundle[] {
    this.#isDue = false;
    this.#countForwarded();
    return this.#take(() => true);
  }

  /** Forgets what was bundled and not taken: its records are read again. */
  drop(): void {
    this.#bundles.clear();
    this.#isDue = false;
  }

  #countForwarded(): void {
    for (const route of this.#routes) {
      if (route.forwarded > 0) this.count(route.key, route.forwarded);
      route.forwarded = 0;
    }
  }

  #take(isDue: (bundle: BundleWriter) => boolean): readonly AddressedBundle[] {
    const taken: AddressedBundle[] = [];
    for (const [lane, writer] of this.#bundles) {
      const { records } = writer;
      const bundle = isDue(writer) ? writer.take() : undefined;
      if (bundle !== undefined) taken.push({ lane, bundle, records });
    }
    return taken;
  }

  #turnOf(key: string): number {
    return this.#routes.find((route) => route.key === key)?.turn ?? 0;
  }

  #routeOf(key: Buffer | null): Route | undefined {
    if (key === null) return undefined;
    for (const route of this.#routes) if (route.bytes.length === key.length && route.bytes.equals(key)) return route;
    return undefined;
  }

  #bundleFor(lane: number): BundleWriter {
    let bundle = this.#bundles.get(lane);
    if (bundle === undefined) this.#bundles.set(lane, (bundle = new BundleWriter(this.partition)));
    return bundle;
  }
}

const dealsOf = (routes: readonly Route[]): string => JSON.stringify(routes.map(({ key, cycle }) => [key, cycle]));
