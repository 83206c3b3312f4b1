import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotePublisher, type PolledPage } from '../../../../src/streams/1-ingest/coingecko/quote-publisher.ts';
import { MarketRecords } from '../../../../src/streams/1-ingest/market-records.ts';
import { JsonArraySplitter } from '../../../../src/streams/1-ingest/json-array-splitter.ts';
import type { OutputRecord } from '../../../../src/streams/log/log.ts';
import { bodies, fixture } from '../support/fixtures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GRACE = 10 * MINUTE;
const T0 = Date.parse('2023-03-20T00:00:00Z');

const publisher = (): QuotePublisher => new QuotePublisher(new MarketRecords({ namespace: '', partitions: 4 }), GRACE);
const iso = (time: number): string => new Date(time).toISOString();

const quote = (id: string, updated: number | null, price = 1): string =>
  JSON.stringify({ id, current_price: price, last_updated: updated === null ? null : iso(updated) });

const page = (fetchedAt: number, quotes: readonly string[], ageMs = 0): PolledPage => ({
  elements: quotes.map((text) => Buffer.from(text)),
  fetchedAt,
  ageMs,
});

const body = (name: string, fetchedAt: number): PolledPage => {
  const elements: Buffer[] = [];
  new JsonArraySplitter(1 << 20).push(fixture(name), elements);
  return { elements, fetchedAt, ageMs: 0 };
};

const values = (records: readonly OutputRecord[]): readonly string[] => records.map(({ value }) => String(value));
const keys = (records: readonly OutputRecord[]): readonly unknown[] => records.map(({ key }) => key);

describe('QuotePublisher on real bodies', () => {
  const first = body(bodies[0], T0 + 8.85 * MINUTE);
  const second = body(bodies[1], T0 + 38 * MINUTE);

  it('publishes every coin of the first with its bytes, and says when it was observed', () => {
    const records = publisher().publish([first]);
    expect(values(records)).toEqual(first.elements.map(String));
    for (const { headers } of records) {
      const at = '2023-03-20T00:08:51.000Z';
      expect(headers).toEqual({ observed_at: at, fetched_at: at, source: 'coingecko' });
    }
  });

  it('publishes of the second what changed, and nothing of a repetition', () => {
    const all = publisher();
    all.publish([first]);
    const times = new Map(first.elements.map((each) => parsed(each)).map((each) => [each.id, each.last_updated]));
    const changed = second.elements.filter((each) => times.get(parsed(each).id) !== parsed(each).last_updated);
    const records = all.publish([second]);
    expect(values(records)).toEqual(changed.map(String));
    expect(all.publish([{ ...second, fetchedAt: T0 + 45 * MINUTE }])).toEqual([]);
  });

  const parsed = (element: Buffer): { id: string; last_updated: string } =>
    JSON.parse(element.toString()) as { id: string; last_updated: string };
});

describe('QuotePublisher', () => {
  it('publishes a quote that stands still once an hour', () => {
    const all = publisher();
    const minutes: number[] = [];
    for (let minute = 1; minute < 5 * 60; minute++) {
      const records = all.publish([page(T0 + minute * MINUTE, [quote('stale', T0 - 90 * 24 * HOUR)])]);
      if (records.length > 0) minutes.push(minute);
    }
    expect(minutes).toEqual([1, 60, 120, 180, 240]);
  });

  it('publishes it once more when that makes its hour final', () => {
    const all = publisher();
    const minutes: number[] = [];
    for (let minute = 30; minute < 200; minute += 0.5) {
      const records = all.publish([page(T0 + minute * MINUTE, [quote('a', T0 + 29 * MINUTE)])]);
      if (records.length > 0) minutes.push(minute);
    }
    expect(minutes).toEqual([30, 60, 70.5, 120, 180]);
  });

  it('goes on with the last element of a coin that vanished until its hour is final', () => {
    const all = publisher();
    const gone = quote('gone', T0 + 29 * MINUTE);
    all.publish([page(T0 + 30 * MINUTE, [gone, quote('stays', T0)])]);
    const observed: string[] = [];
    for (let minute = 31; minute < 600; minute++) {
      const records = all.publish([page(T0 + minute * MINUTE, [quote('stays', T0 + minute * MINUTE)])]);
      expect(keys(records)).toContain('stays');
      for (const { key, value, headers } of records) {
        if (key !== 'gone') continue;
        expect(String(value)).toBe(gone);
        observed.push(String(headers?.['observed_at']));
      }
    }
    expect(observed).toEqual([iso(T0 + HOUR), iso(T0 + HOUR + GRACE + MINUTE)]);
  });

  it('knows a coin that comes back', () => {
    const all = publisher();
    all.publish([page(T0 + 30 * MINUTE, [quote('a', T0)])]);
    expect(all.publish([page(T0 + 31 * MINUTE, [])])).toEqual([]);
    expect(all.publish([page(T0 + 32 * MINUTE, [quote('a', T0)])])).toEqual([]);
    expect(all.publish([page(T0 + 33 * MINUTE, [quote('a', T0 + 1)])])).toHaveLength(1);
  });

  it('soon forgets a vanished coin that names no time, or one far ahead', () => {
    const all = publisher();
    all.publish([page(T0, [quote('timeless', null), quote('ahead', T0 + 1000 * HOUR)])]);
    expect(all.publish([page(T0 + 2 * HOUR, [])])).toEqual([]);
    expect(keys(all.publish([page(T0 + 2 * HOUR + 1, [quote('timeless', null)])]))).toEqual(['timeless']);
  });

  it('publishes a coin that two pages have once, with its later quote', () => {
    const early = quote('a', T0, 1);
    const late = quote('a', T0 + 1000, 2);
    expect(values(publisher().publish([page(T0 + MINUTE, [early]), page(T0 + MINUTE, [late])]))).toEqual([late]);
    expect(values(publisher().publish([page(T0 + MINUTE, [late]), page(T0 + MINUTE, [early])]))).toEqual([late]);
  });

  it('publishes what has no coin under no key, once an hour', () => {
    const all = publisher();
    const odd = ['null', '{"symbol":"x"}', '{"id":""}'];
    const records = all.publish([page(T0, odd)]);
    expect(values(records)).toEqual(odd);
    expect(keys(records)).toEqual([null, null, null]);
    expect(all.publish([page(T0 + MINUTE, odd)])).toEqual([]);
    expect(values(all.publish([page(T0 + HOUR, odd)]))).toEqual(odd);
  });

  it('keeps hostile ids and names as they are', () => {
    const odd = [
      '{"id":"-2","symbol":""}',
      '{"id":"a b"}',
      '{"id":"x","symbol":"₿","name":"A\u200bB"}',
      '{"id":"../y"}',
    ];
    const records = publisher().publish([page(T0, odd)]);
    expect(values(records)).toEqual(odd);
    expect(keys(records)).toEqual(['-2', 'a b', 'x', '../y']);
  });

  it('takes the age of a cached body off the time of its observation, but not below its newest quote', () => {
    const observedAt = (quotes: readonly string[], ageMs: number): unknown =>
      publisher().publish([page(T0 + HOUR, quotes, ageMs)])[0]?.headers;
    const fetched_at = iso(T0 + HOUR);
    const old = [quote('a', T0), quote('b', T0 + 30 * MINUTE)];
    expect(observedAt(old, MINUTE)).toMatchObject({ observed_at: iso(T0 + 59 * MINUTE), fetched_at });
    expect(observedAt(old, 10 * HOUR)).toMatchObject({ observed_at: iso(T0 + 30 * MINUTE), fetched_at });
    expect(observedAt([quote('a', T0 + 2 * HOUR)], MINUTE)).toMatchObject({ observed_at: fetched_at });
  });

  it('takes up a coin where an earlier run left it', () => {
    const all = publisher();
    all.restore(Buffer.from(quote('a', T0)), T0 + MINUTE);
    all.restore(Buffer.from(quote('gone', T0)), T0 + MINUTE);
    expect(all.publish([page(T0 + 2 * MINUTE, [quote('a', T0)])])).toEqual([]);
    expect(keys(all.publish([page(T0 + 3 * HOUR, [quote('a', T0 + HOUR)])]))).toEqual(['a', 'gone']);
  });

  it('publishes every change, no coin twice in a poll, and makes each seen hour final', () => {
    const polls = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 80 }),
        coins: fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), back: fc.integer({ min: 0, max: 100 }) })),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(polls, (script) => {
        const all = publisher();
        const seen = new Map<string, number>();
        const observed = new Map<string, number>();
        const state = new Map<string, number>();
        let now = T0;
        for (const { after, coins } of script) {
          now += after * MINUTE;
          const present = new Map(coins.map(({ id, back }) => [id, Math.max(T0, now - back * MINUTE)]));
          const records = all.publish([
            page(
              now,
              [...present].map(([id, time]) => quote(id, time)),
            ),
          ]);
          const published = keys(records).map(String);
          expect(new Set(published).size).toBe(published.length);
          for (const [id, time] of present) {
            if (state.get(id) !== time) expect(published).toContain(id);
            state.set(id, time);
            seen.set(id, Math.max(seen.get(id) ?? 0, time));
          }
          for (const id of published) observed.set(id, now);
          for (const [id, time] of seen) {
            const final = (Math.floor(time / HOUR) + 1) * HOUR + GRACE;
            // The last poll's quote may be an older one than the newest that was seen: that one counts.
            if (time === state.get(id) && now > final) expect(observed.get(id)).toBeGreaterThan(final);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
