import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodePartial,
  decodeSilver,
  encodePartial,
  encodeSilver,
  hourKey,
  parseHourKey,
} from '../../../src/streams/3-silver/hour-json.ts';
import type { Partial as PartialRow } from '../../../src/streams/3-silver/hour-row.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { partialOf, ticksOfAnHour } from '../../support/arbitrary-ticks.ts';
import { hostileKeys } from '../../support/state-contract.ts';

const coinId = fc.constantFrom(...hostileKeys);
const hour = fc.integer({ min: -100, max: 2_000_000 }).map((hours) => hours * HOUR_MS);
const partial = fc.tuple(coinId, hour, ticksOfAnHour).map((parts) => partialOf(...parts));

describe('a partial and a Silver row', () => {
  it('are read from JSON as they were written, bit for bit', () => {
    fc.assert(
      fc.property(partial, fc.boolean(), (row, final) => {
        expect(decodePartial(Buffer.from(encodePartial(row)))).toEqual(row);
        expect(decodeSilver(Buffer.from(encodeSilver(row.coinId, row, final)))).toEqual({ ...row, final });
      }),
    );
  });

  it('are written as the topics say, with the hour in UTC', () => {
    const row: PartialRow = {
      ...{ coinId: 'a"b', ts: 0, price: 1.2e-9, open: 2, high: 3, low: 1e-300, marketCap: null, volume: 1e21 },
      ...{ observations: 2, openEventTs: 0, openObservedAt: 5, closeEventTs: 1, closeObservedAt: 6, observedAt: 7 },
    };
    const columns =
      '"coin_id":"a\\"b","ts":"1970-01-01T00:00:00.000Z","price":1.2e-9,"open":2,"high":3,"low":1e-300' +
      ',"market_cap":null,"volume":1e+21,"observations":2,"open_event_ts":"1970-01-01T00:00:00.000Z"' +
      ',"open_observed_at":"1970-01-01T00:00:00.005Z","close_event_ts":"1970-01-01T00:00:00.001Z"' +
      ',"close_observed_at":"1970-01-01T00:00:00.006Z","observed_at":"1970-01-01T00:00:00.007Z"';
    expect(encodePartial(row)).toBe(`{${columns}}`);
    expect(encodeSilver('a"b', row, true)).toBe(`{${columns},"final":true}`);
  });
});

const good: Readonly<Record<string, unknown>> = {
  coin_id: 'bitcoin',
  ts: '2024-02-28T12:00:00.000Z',
  price: 2,
  open: 3,
  high: 4,
  low: 1,
  market_cap: 5,
  volume: null,
  observations: 2,
  open_event_ts: '2024-02-28T12:00:00.000Z',
  open_observed_at: '2024-02-28T12:10:00.000Z',
  close_event_ts: '2024-02-28T12:59:59.999Z',
  close_observed_at: '2024-02-28T13:00:00.000Z',
  observed_at: '2024-02-28T13:00:00.000Z',
};

const decode = (value: unknown): PartialRow => decodePartial(Buffer.from(JSON.stringify(value)));
const numbers = ['price', 'open', 'high', 'low', 'observations'];
const times = ['ts', 'open_event_ts', 'open_observed_at', 'close_event_ts', 'close_observed_at', 'observed_at'];

describe('a partial', () => {
  it('is refused where a field is absent, by its name', () => {
    for (const field of Object.keys(good))
      expect(() => decode({ ...good, [field]: undefined }), field).toThrow(`the field ${field} is absent`);
  });

  const malformed: readonly (readonly [string, unknown])[] = [
    ...numbers.flatMap((field) => [0, -1, '1', null, true, [1]].map((value) => [field, value] as const)),
    ...['market_cap', 'volume'].flatMap((field) => [0, '1', true, {}].map((value) => [field, value] as const)),
    ...times.flatMap((field) =>
      [0, null, '', 'noon', '2024-02-28', '2024-02-30T12:00:00Z'].map((v) => [field, v] as const),
    ),
    ...['', 7, null, 'x'.repeat(257), '€'.repeat(86), '\ud800'].map((value) => ['coin_id', value] as const),
    ['ts', '2024-02-28T12:00:00.001Z'],
    ['ts', '2024-02-28T11:00:00.000Z'],
    ['open_event_ts', '2024-02-28T11:59:59.999Z'],
    ['close_event_ts', '2024-02-28T13:00:00.000Z'],
    ['observations', 1.5],
    ['observations', 2 ** 53],
  ];
  it.each(malformed)('is refused where %s is %j, by its name', (field, value) => {
    const named =
      field === 'ts' && typeof value === 'string' && value.endsWith('11:00:00.000Z') ? 'open_event_ts' : field;
    const error = expect.objectContaining({
      code: 'bad-record',
      message: expect.stringContaining(`the field ${named} is `) as string,
    }) as Error;
    expect(() => decode({ ...good, [field]: value })).toThrow(error);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['high', { high: 2.5 }],
    ['high', { price: 5 }],
    ['low', { low: 2.5 }],
    ['low', { open: 0.5 }],
    ['close_event_ts', { open_event_ts: '2024-02-28T12:59:59.000Z', close_event_ts: '2024-02-28T12:00:00.000Z' }],
    ['observed_at', { observed_at: '2024-02-28T12:59:59.999Z' }],
    ['observed_at', { open_observed_at: '2024-02-28T13:00:00.001Z' }],
  ])('is refused where %s contradicts the rest', (field, change) => {
    expect(() => decode({ ...good, ...change })).toThrow(`the field ${field} is `);
  });

  it('is refused where it has no value, is no JSON, or no object', () => {
    expect(() => decodePartial(null)).toThrow('the record has no value');
    expect(() => decodePartial(Buffer.from('{"coin_id":'))).toThrow('the value is not JSON');
    for (const value of [null, 1, 'text', [good]]) expect(() => decode(value)).toThrow('the value is not an object');
  });

  it('says of a long value only how it begins', () => {
    const message = messageOf(() => decode({ ...good, price: 'x'.repeat(10_000) }));
    expect(message.length).toBeLessThan(150);
  });
});

it('a Silver row says whether it is final', () => {
  for (const final of [undefined, null, 0, 'true'])
    expect(() => decodeSilver(Buffer.from(JSON.stringify({ ...good, final })))).toThrow('the field final is ');
});

describe("the key of an hour's row", () => {
  it('is read as it was written, whatever the coin is called', () => {
    fc.assert(
      fc.property(coinId, hour, (id, ts) => {
        expect(parseHourKey(Buffer.from(hourKey(id, ts)))).toEqual({ coinId: id, ts });
      }),
    );
    expect(hourKey('a|b', 0)).toBe('a|b|1970-01-01T00:00:00.000Z');
  });

  it.each([null, '', 'bitcoin', '|2024-02-28T12:00:00.000Z', 'bitcoin|', 'bitcoin|noon', '2024-02-28T12:00:00.000Z'])(
    'is not %j',
    (key) => {
      expect(() => parseHourKey(key === null ? null : Buffer.from(key))).toThrow("is no row's");
    },
  );
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not throw');
}
