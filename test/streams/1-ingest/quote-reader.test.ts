import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteReader } from '../../../src/streams/1-ingest/quote-reader.ts';
import { parseRfc3339Text } from '../../../src/streams/rfc3339.ts';
import { bodies, fixture } from './support/fixtures.ts';

const reader = new QuoteReader();

/** What the reader makes of a text. */
function read(text: string): Record<'id' | 'lastUpdated' | 'eventTime' | 'observedAt', unknown> {
  reader.read(Buffer.from(text));
  const { id, lastUpdated, eventTime, observedAt } = reader;
  return { id, lastUpdated, eventTime, observedAt };
}

describe('QuoteReader', () => {
  it('reads what JSON.parse reads', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('2023-12-01T00:00:00.000Z', '2023-12-01T01:00:00+01:00', ''));
    const value = fc.oneof(text, fc.constant(null), fc.integer(), fc.constant({ id: 'x' }));
    const fields = { id: value, last_updated: value, observed_at: value, other: fc.jsonValue() };
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys: [] }), (quote) => {
        const { id, last_updated: updated } = JSON.parse(JSON.stringify(quote)) as Record<string, unknown>;
        const found = read(JSON.stringify(quote));
        expect(found.id).toBe(typeof id === 'string' && id !== '' ? id : undefined);
        expect(found.lastUpdated).toBe(typeof updated === 'string' ? updated : undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('reads what JSON.parse reads from texts in the shape that CoinGecko writes, or almost', () => {
    const time = fc.constantFrom(
      '2023-12-01T00:00:00.000Z',
      '2023-12-01T00:00:00.000z',
      '2023-12-01T00:00:00+00:00Z00',
      '',
    );
    const id = fc.constantFrom('bitcoin', '', 'a"b', 'ü', '{"id":"x', ',"last_updated":"2023-12-02T00:00:00.000Z');
    const inner = fc.constantFrom(1, null, 'x', { id: 'inner' }, { last_updated: '2023-12-03T00:00:00.000Z' }, [
      { observed_at: '2023-12-04T00:00:00.000Z' },
    ]);
    const member = fc.tuple(fc.constantFrom('last_updated', 'observed_at', 'roi', 'n\\"'), fc.oneof(inner, time));
    fc.assert(
      fc.property(id, fc.array(member, { maxLength: 3 }), time, (first, members, last) => {
        const all: [string, unknown][] = [['id', first], ...members, ['last_updated', last]];
        const text = `{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
        const quote = JSON.parse(text) as Record<string, unknown>;
        const found = read(text);
        const isText = (value: unknown): value is string => typeof value === 'string';
        expect(found.id).toBe(isText(quote.id) && quote.id !== '' ? quote.id : undefined);
        expect(found.lastUpdated).toBe(isText(quote.last_updated) ? quote.last_updated : undefined);
        expect(found.observedAt).toBe(isText(quote.observed_at) ? parseRfc3339Text(quote.observed_at) : undefined);
        if (found.eventTime !== undefined)
          expect(reader.spell(found.eventTime as number)).toBe(new Date(found.eventTime as number).toISOString());
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the quotes of a real body', () => {
    const quotes = JSON.parse(fixture(bodies[0]).toString('utf8')) as readonly { id: string; last_updated: string }[];
    for (const quote of quotes) {
      const { id, last_updated: lastUpdated } = quote;
      const eventTime = Date.parse(lastUpdated);
      expect(read(JSON.stringify(quote))).toEqual({ id, lastUpdated, eventTime, observedAt: undefined });
    }
  });

  it('finds nothing in what is no object', () => {
    const nothing = { id: undefined, lastUpdated: undefined, eventTime: undefined, observedAt: undefined };
    for (const text of ['', '[{"id":"a"}]', '"id"', 'null', '{"id":"a"', '{"id":"a"}}'])
      expect(read(text)).toEqual(nothing);
  });

  it('takes an offset for what it is and a malformed time for none', () => {
    const { eventTime, observedAt } = read(
      '{"last_updated":"2023-12-01T01:00:00.5+01:00","observed_at":"2023-12-32T00:00:00Z"}',
    );
    expect(eventTime).toBe(Date.parse('2023-12-01T00:00:00.500Z'));
    expect(observedAt).toBeUndefined();
  });
});
