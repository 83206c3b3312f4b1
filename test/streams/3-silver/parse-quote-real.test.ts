import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createQuoteParser } from '../../../src/streams/3-silver/parse-quote.ts';
import { quoteRecord } from './quote-record.ts';

const parse = createQuoteParser({ futureToleranceMs: 300_000 });
const observedAt = '2024-12-31T00:00:00.000Z';
const bytesOf = (name: string): Buffer => readFileSync(new URL(`../../fixtures/quotes/${name}.json`, import.meta.url));

/** The tick that a real quote is, without what is the same for all. */
const tickOf = (value: Buffer | string): unknown => {
  const { kind, observedAt: seen, ...rest } = { observedAt: 0, ...parse(quoteRecord(value, { observedAt })) };
  expect([kind, seen]).toEqual(['tick', Date.parse(observedAt)]);
  return rest;
};

/** A real quote in which one thing, that real quotes have too, is put in by hand: the bodies at hand have none. */
const edited = (name: string, from: string | RegExp, to: string): string => {
  const text = bytesOf(name).toString('utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed;
};

describe('a real quote is the tick that it says', () => {
  it.each([
    ['bitcoin', 'bitcoin', '2023-03-20T00:02:17.864Z', 28137, 543428753362, 46405541088],
    ['ethereum-with-roi', 'ethereum', '2023-03-20T00:02:04.926Z', 1793.1, 217844457988, 10826196291],
    ['roi-with-an-exponent', 'paxos-standard', '2023-06-09T00:59:58.715Z', 1, 1006267578, 16750946],
    ['whole-price', 'usd-coin', '2023-12-02T11:48:55.872Z', 1, 24553053684, 6343291961],
    ['with-a-field-of-its-own', 'bitcoin', '2023-12-02T11:26:35.105Z', 38736, 757681536121, 14121297102],
    ['bitcoin-above-100000', 'bitcoin', '2024-12-15T01:00:13.584Z', 101428, 2008606458563, 51179413243],
    ['baby-doge-coin-with-exponents', 'baby-doge-coin', '2023-04-24T00:49:04.777Z', 2.865e-9, 447797463, 7044631],
    ['baby-doge-coin-over-many-lines', 'baby-doge-coin', '2023-12-02T11:49:00.069Z', 1.232e-9, 180191036, 1391913],
    ['bone-shibaswap-with-a-huge-change', 'bone-shibaswap', '2023-08-08T00:50:31.732Z', 1.66, 380991126, 10551254],
    [
      'compound-wrapped-btc-without-volume',
      'compound-wrapped-btc',
      '2023-12-02T11:45:01.604Z',
      778.03,
      458638603,
      null,
    ],
    ['recorded', 'algorand', '2023-12-01T00:00:00.000Z', 0.1338, null, 9625832.1],
  ])('%s', (name, coinId, time, price, marketCap, volume) => {
    expect(tickOf(bytesOf(name))).toEqual({ coinId, eventTs: Date.parse(time), price, marketCap, volume });
  });

  it('when the coin is stale: high, low and every change are null, and it was last updated 15 days ago', () => {
    const stale = edited('bitcoin', /"(high_24h|low_24h|[a-z_]*change[a-z_]*)":[^,]+/g, '"$1":null');
    const outcome = parse(quoteRecord(stale, { observedAt: '2023-04-04T00:02:17.864Z' }));
    expect(outcome).toMatchObject({ kind: 'tick', eventTs: Date.parse('2023-03-20T00:02:17.864Z'), price: 28137 });
  });

  it('when the market cap of an illiquid coin is 0', () => {
    expect(tickOf(edited('compound-wrapped-btc-without-volume', /"market_cap": \d+/, '"market_cap": 0'))).toMatchObject(
      {
        marketCap: null,
        volume: null,
      },
    );
  });

  it('when supplies are beyond 2^53 and the price is the highest seen', () => {
    expect(bytesOf('baby-doge-coin-over-many-lines').toString()).toContain('"total_supply": 420000000000000000');
    expect(tickOf(edited('bitcoin', '28137', '205378'))).toMatchObject({ price: 205378 });
  });

  it.each(['\u200bBitcoin', 'Bit\u200b', '\\u200bBitcoin', 'İstanbul Başakşehir Fan Token', 'τBitcoin'])(
    'when its name is %j',
    (name) => {
      expect(tickOf(edited('bitcoin', '"name":"Bitcoin"', `"name":"${name}"`))).toMatchObject({
        coinId: 'bitcoin',
        price: 28137,
      });
    },
  );

  it.each(['', '₿', '\\u20bf', '$'])('when its symbol is %j', (symbol) => {
    expect(tickOf(edited('bitcoin', '"symbol":"btc"', `"symbol":"${symbol}"`))).toMatchObject({
      coinId: 'bitcoin',
      price: 28137,
    });
  });

  it.each(['-2', '0-5x-long-bitcoin', 'bitCNY', 'some coin', ' ', '1move%20token', '../x', 'a/b', 'a|b', '₿', 'İ'])(
    'when its id is %j',
    (id) => {
      expect(tickOf(edited('bitcoin', '"id":"bitcoin"', `"id":"${id}"`))).toMatchObject({ coinId: id, price: 28137 });
    },
  );

  it('when its price is null, or it was never updated: then it has no quote', () => {
    expect(parse(quoteRecord(edited('bitcoin', '"current_price":28137', '"current_price":null')))).toEqual({
      kind: 'no-quote',
      reason: 'no-price',
    });
    expect(parse(quoteRecord(edited('bitcoin', /"last_updated":"[^"]*"/, '"last_updated":null')))).toEqual({
      kind: 'no-quote',
      reason: 'no-last-updated',
    });
  });
});

describe('what came instead of a quote is rejected', () => {
  it('a body that says 403', () => {
    expect(parse(quoteRecord(bytesOf('error-body')))).toMatchObject({ kind: 'rejected', reason: 'no-id' });
  });

  it('a whole body', () => {
    const body = Buffer.concat([Buffer.from('['), bytesOf('bitcoin'), Buffer.from(']')]);
    expect(parse(quoteRecord(body))).toMatchObject({ kind: 'rejected', reason: 'not-an-object' });
  });

  it('a quote cut short at any byte', () => {
    const bytes = bytesOf('ethereum-with-roi');
    for (let end = 0; end < bytes.length; end++) {
      expect(parse(quoteRecord(bytes.subarray(0, end)))).toMatchObject({ kind: 'rejected', reason: 'not-json' });
    }
  });

  it('two quotes in one', () => {
    const bytes = bytesOf('bitcoin');
    expect(parse(quoteRecord(Buffer.concat([bytes, bytes])))).toMatchObject({ kind: 'rejected', reason: 'not-json' });
  });
});
