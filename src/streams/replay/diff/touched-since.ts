import type { LogRecord } from '../../log/record.ts';
import type { Log } from '../../log/log.ts';
import type { QuoteOutcome } from '../../3-silver/quote-outcome.ts';
import { hourOf, HOUR_MS } from '../../time.ts';
import type { FrozenInput } from '../frozen-input.ts';

/** Which coins and hours quotes have reached that came in after a replay's end: their rows can't be what the replay made. */
export class TouchedSince {
  readonly #hours = new Map<string, Set<number>>();

  /** Reads what has come in since, up to the present end. Call it after the live tables have been read. */
  static async read(log: Log, input: FrozenInput, parse: (record: LogRecord) => QuoteOutcome): Promise<TouchedSince> {
    const touched = new TouchedSince();
    for (const [partition, { end: from }] of input.ranges.entries()) {
      const at = { topic: input.topic, partition };
      const { end } = await log.bounds(at);
      if (from < end)
        for await (const { records } of log.read(at, from, end)) for (const one of records) touched.#add(parse(one));
    }
    return touched;
  }

  /** A later quote of a coin can make any of its hours final. */
  isCoin(coinId: string): boolean {
    return this.#hours.has(coinId);
  }

  /** Whether an hour of the coin in `(ts - hours, ts]` was touched. */
  isWithin(coinId: string, ts: number, hours: number): boolean {
    const touched = this.#hours.get(coinId);
    if (touched === undefined) return false;
    for (const hour of touched) if (hour <= ts && hour > ts - hours * HOUR_MS) return true;
    return false;
  }

  #add(outcome: QuoteOutcome): void {
    if (outcome.kind !== 'tick') return;
    const hours = this.#hours.get(outcome.coinId) ?? new Set<number>();
    this.#hours.set(outcome.coinId, hours);
    hours.add(hourOf(outcome.eventTs));
  }
}
