import { formatRfc3339 } from '../../rfc3339.ts';
import type { OutputRecord } from '../../log/log.ts';
import { MarketRecords } from '../market-records.ts';
import { sleepOn } from '../../clock/sleep.ts';
import { QuoteGenerator } from './quote-generator.ts';
import type { SimulatedOptions } from './simulated-options.ts';

/** Records that are published together. */
export interface SimulatedStep {
  readonly records: readonly OutputRecord[];
  /** The event time of the last one. */
  readonly reachedTime: number;
}

const STEP_MS = 200;
/** Some 4 MB. */
const LARGEST_STEP = 5000;

/** Makes the steps in which a simulated market is published. */
export class SimulatedSteps {
  private readonly options: SimulatedOptions;
  private readonly markets: MarketRecords;
  private readonly generator: QuoteGenerator;

  constructor(options: SimulatedOptions) {
    this.options = options;
    this.markets = new MarketRecords(options);
    this.generator = new QuoteGenerator(options.market);
  }

  /** The steps behind the first `published` quotes, at their pace, until the count is reached or the signal aborts. */
  async *after(published: number, signal: AbortSignal): AsyncGenerator<SimulatedStep> {
    const { scheduler, quotesPerSecond, count = Infinity } = this.options;
    this.generator.skip(published);
    const startedAt = scheduler.now();
    for (let made = published; made < count && !signal.aborted;) {
      const due = quotesPerSecond === 'max' ? Infinity : ((scheduler.now() - startedAt) * quotesPerSecond) / 1000;
      const size = Math.floor(Math.min(published + due - made, count - made, LARGEST_STEP));
      if (size > 0) yield this.step(size);
      made += Math.max(size, 0);
      if (published + due - made < 1) await sleepOn(scheduler)(STEP_MS, signal);
    }
  }

  private step(size: number): SimulatedStep {
    const records: OutputRecord[] = [];
    let reachedTime = 0;
    for (let i = 0; i < size; i++) {
      const { coinId, eventTime, json } = this.generator.next();
      const headers = { observed_at: formatRfc3339(eventTime), source: 'simulated' as const };
      records.push(this.markets.record(coinId, Buffer.from(json), headers));
      reachedTime = eventTime;
    }
    return { records, reachedTime };
  }
}
