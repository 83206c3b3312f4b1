import type { Log, OutputRecord } from '../../../src/streams/log/log.ts';
import type { StageReport } from '../../../src/streams/task/reports.ts';
import { decided } from './hot-reports.ts';
import type { Tick } from './sample-ticks.ts';
import { MarketFeeder } from './market-feeder.ts';

/** The pipeline's own topics as they look while it works: quotes, partials, positions and reports, second by second. */
export class FlowPlayer {
  readonly feeder: MarketFeeder;
  readonly #log: Log;
  readonly #partitions: number;
  readonly #now: () => number;
  readonly #ends = new Map<string, number>();
  readonly #positions = new Map<string, number>();
  readonly #decisions = new Map<number, string>();
  #seconds = 0;

  constructor(log: Log, now: () => number = Date.now, partitions = 4) {
    this.#partitions = partitions;
    this.#log = log;
    this.#now = now;
    this.feeder = new MarketFeeder(log, '', this.#partitions);
  }

  /** A second of the flow: so many quotes come, of which combine takes the share that is given. */
  async second({ quotes = 40, taken = 1, ticks = [] as readonly Tick[] } = {}): Promise<void> {
    this.#seconds += 1;
    const records: OutputRecord[] = [];
    for (let partition = 0; partition < this.#partitions; partition++) {
      for (let i = 0; i < quotes / this.#partitions; i++) records.push(this.#quote(partition, i));
      for (let i = 0; i < quotes / this.#partitions / 4; i++) records.push(this.#partial(partition, i));
      this.#grow(`coingecko.markets/${partition}`, Math.ceil(quotes / this.#partitions));
      this.#grow(`pulse.partials/${partition}`, Math.ceil(quotes / this.#partitions / 4));
      const share = partition === 2 ? taken : 1;
      records.push(this.#position('combine', 'coingecko.markets', partition, share));
      records.push(this.#position('maintain', 'pulse.partials', partition, 1));
    }
    await this.#log.append(records);
    await this.feeder.publish(ticks);
    for (let partition = 0; partition < this.#partitions; partition++) {
      await this.#report('combine', 'coingecko.markets', partition);
      await this.#report('maintain', 'pulse.partials', partition);
    }
  }

  /** Another instance takes every other partition. */
  owner = (partition: number): string =>
    this.#seconds > 150 && partition % 2 === 1 ? 'pulse-worker-2:4711' : 'pulse-worker-1:2231';

  #quote(partition: number, i: number): OutputRecord {
    const price = 40_000 + this.#seconds + i;
    const value = `{"id":"bitcoin","symbol":"btc","current_price":${price},"last_updated":"${this.#iso()}"}`;
    const headers = { observed_at: this.#iso(), source: 'recorded' };
    return { topic: 'coingecko.markets', partition, key: 'bitcoin', value, headers };
  }

  #partial(partition: number, i: number): OutputRecord {
    const value = `{"coin_id":"bitcoin","ts":"${this.#iso()}","price":${40_000 + i},"observations":4}`;
    return { topic: 'pulse.partials', partition, key: 'bitcoin', value };
  }

  #position(stage: string, topic: string, partition: number, share: number): OutputRecord {
    const end = this.#ends.get(`${topic}/${partition}`) ?? 0;
    const before = this.#positions.get(`${topic}/${partition}`) ?? 0;
    const offset = Math.round(before + (end - before) * share);
    this.#positions.set(`${topic}/${partition}`, offset);
    const key = `${stage}|${topic}|${partition}`;
    return { topic: 'pulse.positions', partition, key, value: JSON.stringify({ offset }) };
  }

  async #report(stage: StageReport['stage'], topic: string, partition: number): Promise<void> {
    const at = `${topic}/${partition}`;
    const records = this.#positions.get(at) ?? 0;
    const lag = (this.#ends.get(at) ?? 0) - records;
    const busy = (stage === 'combine' ? 80 : 210) + partition * 35;
    const commit_ms = 6 + ((this.#seconds * 7 + partition * 3) % 19);
    const owner = this.owner(partition);
    const reported_at = this.#iso();
    await this.feeder.reportStage({
      ...{ stage, topic, partition, records, lag, commit_ms, owner, reported_at, busy_ms: this.#seconds * busy },
      ...(stage === 'combine' && this.#hotKeys(partition)),
    });
  }

  /** Partition 1 has a key that is salted for a while, and dealt anew, and then no more. */
  #hotKeys(partition: number): Partial<StageReport> {
    const isHot = partition === 1 && this.#seconds > 20;
    const isSalted = isHot && (this.#seconds < 110 || this.#seconds > 140);
    const key = ['ethereum', 'bitcoin', 'solana', 'ripple'][partition % 4] ?? 'bitcoin';
    const count = isHot ? 640 : 110 + 30 * partition;
    const [kind, since] =
      this.#seconds > 140
        ? (['salt', 140] as const)
        : this.#seconds >= 110
          ? (['un-salt', 110] as const)
          : this.#seconds > 60
            ? (['deal anew', 60] as const)
            : (['salt', 20] as const);
    const at = new Date(this.#now() - (this.#seconds - since) * 1000).toISOString();
    this.#decisions.set(since, this.#decisions.get(since) ?? at);
    return {
      ...{
        horizon: 1000,
        forwarded: isSalted ? this.#seconds * 12 : 1320,
        salted: isSalted ? [{ key, salts: 4 }] : [],
      },
      heaviest: [{ key, count, error: partition === 3 ? 60 : 8 }],
      ...(isHot && decided(this.#decisions.get(since) ?? at, kind, key)),
    };
  }

  #grow(at: string, by: number): void {
    this.#ends.set(at, (this.#ends.get(at) ?? 0) + by);
  }

  #iso(): string {
    return new Date(this.#now()).toISOString();
  }
}
