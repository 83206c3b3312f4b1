import fc from 'fast-check';
import { Subject } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Combined, combineTicks } from '../../../src/streams/3-silver/combine-ticks.ts';
import { type HourFold, hourMerge } from '../../../src/streams/3-silver/hour-merge.ts';
import type { Partial as PartialRow } from '../../../src/streams/3-silver/hour-row.ts';
import type { ParsedQuote } from '../../../src/streams/3-silver/parse-quotes.ts';
import type { QuoteCounts } from '../../../src/streams/3-silver/quote-counts.ts';
import type { Tick } from '../../../src/streams/3-silver/quote-outcome.ts';
import { HOUR_MS, hourOf } from '../../../src/streams/time.ts';
import { arbitraryTick, TEST_HOUR } from '../../support/arbitrary-ticks.ts';
import { logRecord } from '../../support/log-record.ts';
import { marbles } from '../../support/marbles.ts';

let counts: QuoteCounts;
beforeEach(() => {
  counts = { records: 0, ticks: 0, no_quote: 0, dead_letters: 0 };
});

const tick = (coinId: string, eventTs: number, price: number): Tick => ({
  ...{ kind: 'tick', coinId, eventTs: TEST_HOUR + eventTs, observedAt: TEST_HOUR + eventTs, price },
  ...{ marketCap: null, volume: null },
});

const partial = (...ticks: readonly Tick[]): Combined => {
  const ts = hourOf(ticks[0]!.eventTs);
  const fold = hourMerge.lift(ts, ticks[0]!);
  for (const each of ticks.slice(1)) hourMerge.absorb(fold, each);
  return { kind: 'partial', partial: { coinId: ticks[0]!.coinId, ...fold } };
};

const a: ParsedQuote & Tick = tick('a', 0, 1);
const b: ParsedQuote & Tick = tick('b', 0, 2);
const later: ParsedQuote & Tick = tick('a', 5, 3);
const next: ParsedQuote & Tick = tick('a', HOUR_MS, 4);
const rejected: ParsedQuote = { kind: 'rejected', reason: 'no-id', error: 'no id', record: logRecord() };
const none: ParsedQuote = { kind: 'no-quote', reason: 'no-price' };
const values = { a, b, c: later, n: next, r: rejected, o: none };

describe('combining ticks', () => {
  it('emits one partial per coin and hour at each commit, and nothing where nothing came', () => {
    marbles(({ hot, expectObservable }) => {
      const quotes = hot<ParsedQuote>(' abcn----a--', values);
      const commit = hot('             -----x-x---x');
      const out = combineTicks(counts, commit)(quotes);
      expectObservable(out).toBe('     -----(xyz)-w', {
        ...{ x: partial(a, later), y: partial(next), z: partial(b), w: partial(a) },
      });
    });
  });

  it('passes rejected quotes on at once, and counts every record as one of three', () => {
    marbles(({ hot, expectObservable, flush }) => {
      const quotes = hot<ParsedQuote>(' arob-', values);
      const commit = hot('             -----x');
      expectObservable(combineTicks(counts, commit)(quotes)).toBe('-r---(ab)', {
        ...{ r: rejected, a: partial(a), b: partial(b) },
      });
      flush();
      expect(counts).toEqual({ records: 0, ticks: 2, no_quote: 1, dead_letters: 1 });
    });
  });

  it('emits nothing of what no commit followed, when the quotes end', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(combineTicks(counts, hot('---x'))(hot<ParsedQuote>('-a|', values))).toBe('--|');
      expectObservable(combineTicks(counts, hot('---x'))(hot<ParsedQuote>('---|', values))).toBe('---|');
    });
  });

  it('fails where the quotes or the commits fail', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(combineTicks(counts, hot('---x'))(hot<ParsedQuote>('-a#', values))).toBe('--#');
      expectObservable(combineTicks(counts, hot('--#'))(hot<ParsedQuote>('-a---', values))).toBe('--#');
    });
  });

  it('lets go of the quotes and the commits when it is unsubscribed from', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const quotes = hot<ParsedQuote>(' -a----', values);
      const commit = hot('             -----x-');
      expectObservable(combineTicks(counts, commit)(quotes), '--!').toBe('---');
      expectSubscriptions(quotes.subscriptions).toBe('^-!');
      expectSubscriptions(commit.subscriptions).toBe('^-!');
    });
  });

  it('comes to the same wherever the commits fall', () => {
    const ticks = fc.array(arbitraryTick(3, ['a', 'b|c']), { maxLength: 40 });
    fc.assert(
      fc.property(ticks, fc.array(fc.nat(40), { maxLength: 6 }), (all, cuts) => {
        const whole = combinedOver(all, []);
        const parts = combinedOver(all, cuts);
        expect(merged(parts)).toEqual(merged(whole));
        expect(new Set(whole.map(keyOf)).size).toBe(whole.length);
        expect(merged(parts).reduce((sum, { observations }) => sum + observations, 0)).toBe(all.length);
      }),
    );
  });
});

const keyOf = ({ coinId, ts }: PartialRow): string => `${coinId}|${ts}`;

/** What comes out with a commit before each of these places, and one at the end. */
function combinedOver(ticks: readonly Tick[], cuts: readonly number[]): readonly PartialRow[] {
  const quotes = new Subject<ParsedQuote>();
  const commit = new Subject<void>();
  const out: PartialRow[] = [];
  quotes.pipe(combineTicks(counts, commit)).subscribe((each) => each.kind === 'partial' && out.push(each.partial));
  ticks.forEach((each, i) => {
    if (cuts.includes(i)) commit.next();
    quotes.next(each);
  });
  commit.next();
  return out;
}

/** The partials of each hour joined, sorted. */
function merged(partials: readonly PartialRow[]): readonly (HourFold & { coinId: string })[] {
  const hours = new Map<string, HourFold & { coinId: string }>();
  for (const each of partials) {
    const known = hours.get(keyOf(each));
    if (known === undefined) hours.set(keyOf(each), { ...each });
    else hourMerge.combine(known, each);
  }
  return [...hours].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, hour]) => hour);
}
