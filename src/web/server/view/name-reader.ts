import type { SchedulerLike } from 'rxjs';
import type { Log, TopicPartition } from '../../../streams/log/log.ts';
import type { CoinNames } from './coin-names.ts';
import type { MarketView } from './market-view.ts';
import { sleep } from './sleep.ts';

/** Of a partition, so many of the newest records are looked at: several polls of a market. */
const MAX_RECORDS = 2000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

/** A topic that holds what came from the source. */
export interface NameSource {
  readonly log: Log;
  readonly topic: string;
}

export interface NameReaderOptions {
  readonly namedIn: () => Promise<NameSource>;
  readonly view: MarketView;
  readonly names: CoinNames;
  readonly scheduler: SchedulerLike;
  /** After names were learnt. */
  readonly onNames: () => void;
}

/**
 * Learns what coins are called from the newest source records: the tables have ids alone. It looks only while a coin of
 * the view has no name, never twice at a record, and less and less often where it finds nothing.
 */
export class NameReader {
  readonly #options: NameReaderOptions;
  /** Where each partition's next look begins. */
  readonly #positions = new Map<number, number>();

  constructor(options: NameReaderOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted;) {
      const isDue = this.#misses();
      const learnt = isDue ? await this.#look(signal) : 0;
      if (learnt > 0) this.#options.onNames();
      waitMs = !isDue || learnt > 0 ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, waitMs * 2);
      await sleep(this.#options.scheduler, waitMs, signal);
    }
  }

  #misses(): boolean {
    const { view, names } = this.#options;
    for (const coin of view.coins()) if (names.get(coin) === undefined) return true;
    return false;
  }

  /** How many names it learnt. What can't be read now is looked at later: a name is worth no failure. */
  async #look(signal: AbortSignal): Promise<number> {
    let learnt = 0;
    try {
      const { log, topic } = await this.#options.namedIn();
      const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
      for (let partition = 0; partition < partitions; partition++)
        learnt += await this.#lookAt(log, { topic, partition }, signal);
    } catch {
      return learnt;
    }
    return learnt;
  }

  async #lookAt(log: Log, at: TopicPartition, signal: AbortSignal): Promise<number> {
    const { view, names } = this.#options;
    const { start, end } = await log.bounds(at);
    const from = Math.max(start, end - MAX_RECORDS, this.#positions.get(at.partition) ?? 0);
    let learnt = 0;
    if (from >= end) return learnt;
    for await (const { records } of log.read(at, from, end)) {
      if (signal.aborted) return learnt;
      for (const { key, value } of records) {
        const isNamed = key !== null && names.get(key.toString('utf8')) !== undefined;
        const coin = value === null || isNamed ? undefined : names.learn(value);
        if (coin === undefined) continue;
        view.named(coin);
        learnt += 1;
      }
    }
    this.#positions.set(at.partition, end);
    return learnt;
  }
}
