import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQuoteParser } from '../../../src/streams/3-silver/parse-quote.ts';
import type { QuoteOutcome, RejectReason } from '../../../src/streams/3-silver/quote-outcome.ts';
import { quoteRecord } from './quote-record.ts';

const parse = createQuoteParser({ futureToleranceMs: 300_000 });
const noon = Date.UTC(2023, 11, 1, 12);
const good = {
  id: '"bitcoin"',
  last_updated: '"2023-12-01T11:59:00.000Z"',
  current_price: '38000.5',
  market_cap: '7e11',
  total_volume: '12',
};

/** A good quote with some fields spelt otherwise, or without them. */
const quote = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const fields = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined);
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
};
const outcomeOf = (changes: Readonly<Record<string, string | undefined>>): QuoteOutcome =>
  parse(quoteRecord(quote(changes)));
/** A rejection whose error contains all this, in this order. */
const rejection = (reason: RejectReason, ...said: readonly string[]): unknown => ({
  kind: 'rejected',
  reason,
  error: expect.stringMatching(said.map((part) => part.replaceAll(/[^\w ]/g, '\\$&')).join('.*')) as unknown,
});

describe('a record is a tick', () => {
  it('when it has an id, an event time and a price', () => {
    expect(outcomeOf({})).toEqual({
      kind: 'tick',
      coinId: 'bitcoin',
      eventTs: noon - 60_000,
      observedAt: noon,
      price: 38000.5,
      marketCap: 7e11,
      volume: 12,
    });
  });

  it('observed when its header says, and else when the log took it', () => {
    const observedAt = (header?: string) => {
      const outcome = parse(quoteRecord(quote(), header === undefined ? {} : { observedAt: header }));
      return outcome.kind === 'tick' ? outcome.observedAt : undefined;
    };
    expect(observedAt()).toBe(noon);
    expect(observedAt('2023-12-01T11:59:30.250Z')).toBe(noon - 29_750);
    expect(observedAt('2023-12-01T12:59:30.250+01:00')).toBe(noon - 29_750);
  });

  it.each([
    'null',
    '0',
    '-0',
    '0.0',
    '0e5',
    '1e-400',
    '1e999',
    '-1e999',
    '"12"',
    '[1]',
    '{"usd":1}',
    'true',
    undefined,
  ])('without a market cap or a volume of %s', (value) => {
    expect(outcomeOf({ market_cap: value })).toMatchObject({ kind: 'tick', marketCap: null, volume: 12 });
    expect(outcomeOf({ total_volume: value })).toMatchObject({ kind: 'tick', marketCap: 7e11, volume: null });
  });

  it.each([
    ['-5', -5],
    ['1e-9', 1e-9],
    ['420000000000000000', 420_000_000_000_000_000],
  ])('with a market cap of %s as it is', (text, value) => {
    expect(outcomeOf({ market_cap: text })).toMatchObject({ marketCap: value });
  });

  it('up to and including 5 minutes ahead of its observation', () => {
    expect(outcomeOf({ last_updated: '"2023-12-01T12:05:00.000Z"' })).toMatchObject({
      kind: 'tick',
      eventTs: noon + 300_000,
    });
    expect(outcomeOf({ last_updated: '"2023-12-01T12:05:00.001Z"' })).toEqual(
      rejection('future', '301 s after', '12:05:00.001Z'),
    );
    const observedAt = '2023-12-01T11:54:00Z';
    expect(parse(quoteRecord(quote(), { observedAt }))).toMatchObject({ kind: 'tick' });
    expect(parse(quoteRecord(quote(), { observedAt: '2023-12-01T11:53:59.999Z' }))).toEqual(rejection('future'));
  });

  it('however long ago its event time is', () => {
    expect(outcomeOf({ last_updated: '"0000-01-01T00:00:00Z"' })).toMatchObject({ kind: 'tick' });
  });

  it('however it spells its keys, its strings and its space', () => {
    const text =
      '\n{ "i\\u0064" : "bit\\u0063oin",\t"last\\u005fupdated":"2023-12-01T11:59:00.000\\u005a","current_price":3.80005E+4 }\r';
    expect(parse(quoteRecord(text))).toMatchObject({
      kind: 'tick',
      coinId: 'bitcoin',
      eventTs: noon - 60_000,
      price: 38000.5,
    });
  });

  it('with the last of the fields that come twice', () => {
    const text = `{"id":"a","current_price":0,${quote({ id: '"b"' }).slice(1)}`;
    expect(parse(quoteRecord(text))).toMatchObject({ kind: 'tick', coinId: 'b', price: 38000.5 });
  });

  it('with whatever fields it has besides', () => {
    const text = quote({ ['__proto__']: '{"id":"x"}', nested: '[[{"id":"y","current_price":null}]]', '': '""' });
    expect(parse(quoteRecord(text))).toMatchObject({ kind: 'tick', coinId: 'bitcoin', price: 38000.5 });
  });
});

describe('a record has no quote', () => {
  it.each([undefined, 'null'])('when last_updated is %s', (value) => {
    expect(outcomeOf({ last_updated: value })).toEqual({ kind: 'no-quote', reason: 'no-last-updated' });
  });

  it.each([undefined, 'null'])('when current_price is %s', (value) => {
    expect(outcomeOf({ current_price: value })).toEqual({ kind: 'no-quote', reason: 'no-price' });
  });
});

describe('a record is rejected', () => {
  it('when it is a tombstone', () => {
    expect(parse(quoteRecord(null))).toEqual(rejection('not-json', 'null'));
  });

  it.each([
    ['', 'ends too early, after 0 bytes'],
    ['{"id":"bitcoin"', 'ends too early, after 15 bytes: {"id":"bitcoin"'],
    ['<html><body>429 Too Many Requests</body>', 'at byte 0, from here on: <html>'],
    ['{"id":"bitcoin",}', 'at byte 16, from here on: }'],
    ['{"id":"bit\ncoin"}', 'at byte 10'],
    ['\ufeff{}', 'at byte 0'],
    ['\0\x01', 'at byte 0'],
  ])('when it is not JSON: %j', (text, said) => {
    expect(parse(quoteRecord(text))).toEqual(rejection('not-json', said));
  });

  it.each(['[]', '[{"id":"bitcoin"}]', '"bitcoin"', '42', 'null', 'true'])('when it is no object: %s', (text) => {
    expect(parse(quoteRecord(text))).toEqual(rejection('not-an-object', text));
  });

  it.each([
    [undefined, 'absent'],
    ['null', 'null'],
    ['1', '1'],
    ['["bitcoin"]', '["bitcoin"]'],
    ['""', 'empty'],
  ])('when it has no id: %s', (id, said) => {
    expect(outcomeOf({ id })).toEqual(rejection('no-id', said));
  });

  it('when its id is longer than 240 characters, percent-encoded', () => {
    const said = (length: number) => rejection('bad-id', `${length} characters when encoded`);
    for (const [letter, least, most] of [
      ['a', 240, 241],
      ['₿', 26, 27],
      [' ', 80, 81],
      ['~', 80, 81],
    ] as const) {
      const id = letter.repeat(least);
      expect(outcomeOf({ id: `"${id}"` })).toMatchObject({ kind: 'tick', coinId: id });
      const encoded = most * 3 * (letter === '₿' ? 3 : 1);
      expect(outcomeOf({ id: `"${letter.repeat(most)}"` })).toEqual(said(letter === 'a' ? most : encoded));
    }
    expect(outcomeOf({ id: `"${'\\u0061'.repeat(240)}"` })).toMatchObject({ kind: 'tick', coinId: 'a'.repeat(240) });
    expect(outcomeOf({ id: `"${'\\u0061'.repeat(241)}"` })).toEqual(said(241));
  });

  it('when its id is the name that readers of the lake take for null, once more, too', () => {
    const id = '__HIVE_DEFAULT_PARTITION__';
    for (let time = 0; time < 2; time++)
      expect(outcomeOf({ id: `"${id}"` })).toEqual(rejection('bad-id', 'take for null'));
    expect(outcomeOf({ id: `"${id.toLowerCase()}"` })).toMatchObject({ kind: 'tick' });
  });

  it.each(['"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"'])('when its id has a lone surrogate: %s', (id) => {
    expect(outcomeOf({ id })).toEqual(rejection('bad-id', 'lone surrogate'));
  });

  it('but not for a pair of surrogates, or for bytes that are no UTF-8', () => {
    expect(outcomeOf({ id: '"\\ud834\\udd1e"' })).toMatchObject({ kind: 'tick', coinId: '𝄞' });
    const bytes = Buffer.from(quote({ id: '"\xff"' }), 'latin1');
    expect(parse(quoteRecord(bytes))).toMatchObject({ kind: 'tick', coinId: '\ufffd' });
  });

  it.each(['', 'yesterday', '1701432000000', '2023-12-01', '2023-12-01T12:00:00', '2023-11-31T12:00:00Z'])(
    'when its header observed_at is %j',
    (observedAt) => {
      expect(parse(quoteRecord(quote(), { observedAt }))).toEqual(rejection('bad-observed-at', observedAt));
    },
  );

  it.each([
    '""',
    '"yesterday"',
    '1701432000',
    'true',
    '["2023-12-01T11:59:00Z"]',
    '"2023-02-29T00:00:00Z"',
    '"2023-12-01T11:59:60Z"',
  ])('when its last_updated is %s', (text) => {
    expect(outcomeOf({ last_updated: text })).toEqual(rejection('bad-date', text));
  });

  it.each(['0', '-0', '-1', '-1e-9', '1e999', '-1e999', '1e-400', '"38000"', 'true', '[1]', '{}'])(
    'when its current_price is %s',
    (text) => {
      expect(outcomeOf({ current_price: text })).toEqual(rejection('bad-price', text));
    },
  );

  it('with an error of one short line, whatever is in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(good)), fc.json(), fc.string(), (field, value, garbage) => {
        for (const text of [quote({ [field]: value }), quote({ [field]: JSON.stringify(garbage) }), garbage, value]) {
          for (const record of [quoteRecord(text), quoteRecord(text, { observedAt: garbage })]) {
            const outcome = parse(record);
            if (outcome.kind === 'rejected') expect(outcome.error).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,160}$/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the first of the rules that applies decides', () => {
  /** Each rule broken, in the order of the rules. */
  const broken: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['no-id', { id: '""' }],
    ['bad-observed-at', {}],
    ['bad-date', { last_updated: '"never"' }],
    ['bad-price', { current_price: '-1' }],
  ];

  it.each(broken.map(([reason], from) => [reason, from] as const))('%s', (reason, from) => {
    const changes = Object.assign({}, ...broken.slice(from).map(([, change]) => change)) as Record<string, string>;
    const header = from <= 1 ? { observedAt: 'never' } : {};
    expect(parse(quoteRecord(quote(changes), header))).toEqual(rejection(reason as RejectReason));
  });

  it('a quote without an event time or too far ahead is not asked for its price', () => {
    expect(outcomeOf({ last_updated: 'null', current_price: '-1' })).toMatchObject({ reason: 'no-last-updated' });
    expect(outcomeOf({ last_updated: '"2030-01-01T00:00:00Z"', current_price: 'null' })).toMatchObject({
      reason: 'future',
    });
  });
});

describe('a parser', () => {
  it('gives a coin one and the same string', () => {
    const ids = Array.from({ length: 300 }, (_, i) => `coin-${i % 3}`);
    expect(ids.map((id) => outcomeOf({ id: JSON.stringify(id) }))).toMatchObject(ids.map((coinId) => ({ coinId })));
  });

  it('says the same of a record, whatever it parsed before', () => {
    const values = fc.array(
      fc.record({ field: fc.constantFrom(...Object.keys(good)), value: fc.oneof(fc.json(), fc.constant(undefined)) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(values, (changes) => {
        for (const { field, value } of changes) {
          const record = quoteRecord(quote({ [field]: value }));
          expect(parse(record)).toEqual(createQuoteParser({ futureToleranceMs: 300_000 })(record));
        }
      }),
      { numRuns: 200 },
    );
  });
});
