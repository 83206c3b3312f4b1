import { from, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { encodePartial } from '../../../src/streams/3-silver/hour-json.ts';
import { parseQuotes } from '../../../src/streams/3-silver/parse-quotes.ts';
import { type ReadPartial, readPartials } from '../../../src/streams/3-silver/read-partials.ts';
import type { QuoteOutcome } from '../../../src/streams/3-silver/quote-outcome.ts';
import type { LogRecord } from '../../../src/streams/log/record.ts';
import { partialOf, TEST_HOUR } from '../../support/arbitrary-ticks.ts';
import { logRecord } from '../../support/log-record.ts';
import { marbles } from '../../support/marbles.ts';

const tick = { coinId: 'a', eventTs: TEST_HOUR, observedAt: TEST_HOUR, price: 1, marketCap: null, volume: 2 } as const;
const partial = partialOf('a', TEST_HOUR, [{ kind: 'tick', ...tick }]);

describe('reading partials', () => {
  it('gives one outcome a record, in order: the partial, or the record with what is wrong', () => {
    const [good, bad, tombstone] = [
      logRecord({ offset: 1, value: encodePartial(partial) }),
      logRecord({ offset: 2, value: encodePartial({ ...partial, price: -1 }) }),
      logRecord({ offset: 3 }),
    ];
    let out: readonly ReadPartial[] = [];
    from([good, bad, tombstone])
      .pipe(readPartials(), toArray())
      .subscribe((all) => (out = all));
    expect(out).toEqual([
      { kind: 'partial', partial },
      { kind: 'rejected', reason: 'bad-partial', error: 'the field price is -1', record: bad },
      { kind: 'rejected', reason: 'bad-partial', error: 'the record has no value', record: tombstone },
    ]);
  });
});

describe('parsing quotes', () => {
  const records: Record<string, LogRecord> = {
    t: logRecord({ key: 't' }),
    n: logRecord({ key: 'n' }),
    r: logRecord({ key: 'r' }),
  };
  const outcomes: Record<string, QuoteOutcome> = {
    t: { kind: 'tick', ...tick },
    n: { kind: 'no-quote', reason: 'no-price' },
    r: { kind: 'rejected', reason: 'no-id', error: 'it has no id' },
  };
  const parse = ({ key }: LogRecord): QuoteOutcome => outcomes[String(key)]!;

  it('gives one outcome a record, in order; a rejected one keeps its record', () => {
    marbles(({ hot, expectObservable }) => {
      const out = parseQuotes(parse)(hot('  -trn-r|', records));
      expectObservable(out).toBe('          -trn-r|', {
        ...outcomes,
        r: { ...outcomes['r'], record: records['r'] },
      });
    });
  });

  it('fails with its input, and with the parser', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(parseQuotes(parse)(hot('-#', records))).toBe('-#');
      const failing = (): never => {
        throw 'error' as unknown as Error;
      };
      expectObservable(parseQuotes(failing)(hot('-t-', records))).toBe('-#');
    });
  });
});
