import { describe, expect, it } from 'vitest';
import { classifyRecord, type Verdict } from './classify-record.ts';

const NOON = Date.parse('2023-12-01T12:00:00Z');
const headers = { observed_at: '2023-12-01T12:00:10.000Z' };
const good = {
  id: 'bitcoin',
  current_price: 38_000.5,
  market_cap: 7e11,
  total_volume: 2e10,
  last_updated: '2023-12-01T12:00:00Z',
};

const judgeText = (text: string, with_: Readonly<Record<string, string>> = headers, timestamp = 0): Verdict =>
  classifyRecord({ key: null, value: Buffer.from(text), headers: with_, timestamp });
const judge = (change: Readonly<Record<string, unknown>>): Verdict => judgeText(JSON.stringify({ ...good, ...change }));
const rejected = (reason: string): unknown => ({ kind: 'dead-letter', reason });
const tickOf = (verdict: Verdict): unknown => (verdict.kind === 'tick' ? verdict.tick : verdict);

describe('a record', () => {
  it('that is a whole quote is a tick', () => {
    expect(judge({})).toEqual({
      kind: 'tick',
      tick: {
        coinId: 'bitcoin',
        eventTs: NOON,
        observedAt: NOON + 10_000,
        price: 38_000.5,
        marketCap: 7e11,
        volume: 2e10,
      },
    });
  });

  it('without the header observed_at was observed when it was appended', () => {
    expect(tickOf(judgeText(JSON.stringify(good), {}, NOON + 7))).toMatchObject({ observedAt: NOON + 7 });
  });

  it('without a value is not JSON', () => {
    expect(classifyRecord({ key: null, value: null, headers, timestamp: 0 })).toEqual(rejected('not-json'));
  });

  it.each(['', '{', '{"id":"a",}', '\uFEFF{}', 'NaN'])('of the text %j is not JSON', (text) => {
    expect(judgeText(text)).toEqual(rejected('not-json'));
  });

  it.each(['[]', 'null', '1', '"text"', 'true'])('of the text %j is not an object', (text) => {
    expect(judgeText(text)).toEqual(rejected('not-an-object'));
  });

  it.each([undefined, null, 5, '', {}])('with the id %j has no id', (id) => {
    expect(judge({ id })).toEqual(rejected('no-id'));
  });

  it.each(['a'.repeat(241), 'é'.repeat(41), '~'.repeat(81), '__HIVE_DEFAULT_PARTITION__', '\ud800', 'a\udc00b'])(
    'with the id %j has a bad id',
    (id) => {
      expect(judge({ id })).toEqual(rejected('bad-id'));
    },
  );

  it.each(['a'.repeat(240), 'é'.repeat(40), '~'.repeat(80), '1move token', '-2', '..', '\u{1F600}'])(
    'may have the id %j',
    (id) => {
      expect(tickOf(judge({ id }))).toMatchObject({ coinId: id });
    },
  );

  it('with an unreadable observed_at is set aside, whatever else is missing', () => {
    expect(judgeText('{"id":"a"}', { observed_at: 'now' })).toEqual(rejected('bad-observed-at'));
  });

  it.each(['last_updated', 'current_price'])('whose %s is null or absent has no quote', (field) => {
    expect(judge({ [field]: null })).toEqual({ kind: 'no-quote' });
    expect(judge({ [field]: undefined })).toEqual({ kind: 'no-quote' });
  });

  it.each([1_701_432_000_000, '', 'soon', {}])('with the last_updated %j has a bad date', (last_updated) => {
    expect(judge({ last_updated })).toEqual(rejected('bad-date'));
  });

  it('may be 5 min ahead of its observation, and no more', () => {
    expect(judge({ last_updated: '2023-12-01T12:05:10.000Z' }).kind).toBe('tick');
    expect(judge({ last_updated: '2023-12-01T12:05:10.001Z' })).toEqual(rejected('future'));
  });

  it('from the future is set aside as that even without a price', () => {
    expect(judge({ last_updated: '2024-12-01T12:00:00Z', current_price: null })).toEqual(rejected('future'));
  });

  it.each([0, -1, '38000', true, {}])('with the price %j has a bad price', (current_price) => {
    expect(judge({ current_price })).toEqual(rejected('bad-price'));
  });

  it('with a price beyond float64 has a bad price', () => {
    expect(judgeText(JSON.stringify(good).replace('38000.5', '1e999'))).toEqual(rejected('bad-price'));
  });

  it.each([null, undefined, 0, -0, '5', {}])('with the figures %j has null for them', (figure) => {
    expect(tickOf(judge({ market_cap: figure, total_volume: figure }))).toMatchObject({
      marketCap: null,
      volume: null,
    });
  });

  it('takes the last of a repeated member, as JSON.parse does', () => {
    expect(tickOf(judgeText(JSON.stringify(good).replace('{', '{"id":null,')))).toMatchObject({ coinId: 'bitcoin' });
  });
});
