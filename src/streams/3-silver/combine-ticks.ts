import { Observable, type OperatorFunction } from 'rxjs';
import type { RejectedRecord } from '../2-bronze/divert-rejected.ts';
import { into } from '../into.ts';
import { type HourMs, hourOf } from '../time.ts';
import { type HourFold, hourMerge, type MergeTick } from './hour-merge.ts';
import type { AcceptedPartial, Partial } from './hour-row.ts';
import type { ParsedQuote } from './parse-quotes.ts';
import type { QuoteCounts } from './quote-counts.ts';

/** What stage 1 hands on: a partial, or a record that can't be used. */
export type Combined = AcceptedPartial | RejectedRecord;

/**
 * Joins all ticks of the same coin and hour into one partial, and emits the partials at every `commit`. Rejected quotes
 * pass through at once. Every record is counted as exactly one of a tick, no quote, or a dead letter.
 *
 * This is the map-side combiner: however hot a coin is, stage 2 sees at most one partial per coin, hour, input partition
 * and commit. The body is one synchronous pass without allocation for all but the first tick of an hour.
 */
export const combineTicks =
  (counts: QuoteCounts, commit: Observable<unknown>): OperatorFunction<ParsedQuote, Combined> =>
  (quotes) =>
    new Observable((subscriber) => {
      const ticks = new CombinedTicks();
      const take = (): void => {
        for (const partial of ticks.take()) subscriber.next({ kind: 'partial', partial });
      };
      const add = (quote: ParsedQuote): void => {
        switch (quote.kind) {
          case 'tick':
            counts.ticks++;
            return ticks.add(quote);
          case 'no-quote':
            counts.no_quote++;
            return;
          case 'rejected':
            counts.dead_letters++;
            subscriber.next(quote);
        }
      };
      const subscription = commit.subscribe(into(subscriber, take));
      subscription.add(quotes.subscribe(into(subscriber, add)));
      return subscription;
    });

/** The folds of a coin; `latest` spares the look-up while ticks stay in one hour, as they mostly do. */
interface CoinFolds {
  latest: HourFold;
  readonly all: Map<HourMs, HourFold>;
}

class CombinedTicks {
  readonly #coins = new Map<string, CoinFolds>();

  add(tick: MergeTick & { readonly coinId: string }): void {
    const ts = hourOf(tick.eventTs);
    const folds = this.#coins.get(tick.coinId);
    if (folds === undefined) {
      const latest = hourMerge.lift(ts, tick);
      this.#coins.set(tick.coinId, { latest, all: new Map([[ts, latest]]) });
      return;
    }
    if (folds.latest.ts !== ts) {
      const known = folds.all.get(ts);
      if (known === undefined) {
        folds.latest = hourMerge.lift(ts, tick);
        folds.all.set(ts, folds.latest);
        return;
      }
      folds.latest = known;
    }
    hourMerge.absorb(folds.latest, tick);
  }

  /** Every partial so far; none is kept. */
  *take(): Iterable<Partial> {
    for (const [coinId, { all }] of this.#coins) for (const fold of all.values()) yield { coinId, ...fold };
    this.#coins.clear();
  }
}
