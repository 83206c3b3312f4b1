import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRfc3339, parseRfc3339, parseRfc3339Text } from '../../src/streams/rfc3339.ts';

const first = Date.parse('0000-01-01T00:00:00.000Z');
const last = Date.parse('9999-12-31T23:59:59.999Z');
const time = fc.oneof(
  fc.integer({ min: first, max: last }),
  fc.integer({ min: 1_577_836_800_000, max: 1_893_456_000_000 }),
);
const run = { numRuns: 5000 };

describe('a time that is written and read', () => {
  it('is written as Date does', () => {
    fc.assert(
      fc.property(time, (ms) => void expect(formatRfc3339(ms)).toBe(new Date(ms).toISOString())),
      run,
    );
  });

  it('is read as Date does', () => {
    fc.assert(
      fc.property(time, (ms) => void expect(parseRfc3339Text(new Date(ms).toISOString())).toBe(ms)),
      run,
    );
  });

  it('is right on the first and last day of every month of 800 years', () => {
    const months = Array.from({ length: 800 * 12 }, (_, month) => month);
    const times = months.flatMap((month) => [Date.UTC(1600, month, 1), Date.UTC(1600, month + 1, 1) - 1]);
    const texts = times.map((ms) => new Date(ms).toISOString());
    expect(times.map(formatRfc3339)).toEqual(texts);
    expect(texts.map(parseRfc3339Text)).toEqual(times);
  });

  it('is right at both ends of the years', () => {
    expect(formatRfc3339(first)).toBe('0000-01-01T00:00:00.000Z');
    expect(formatRfc3339(last)).toBe('9999-12-31T23:59:59.999Z');
    for (const ms of [first - 1, last + 1, NaN, Infinity, 0.5]) expect(() => formatRfc3339(ms)).toThrow(RangeError);
  });

  it('takes days only that the month has', () => {
    const number = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, '0'));
    const year = fc.nat(9999).map((value) => String(value).padStart(4, '0'));
    fc.assert(
      fc.property(year, number(14), number(33), (y, m, d) => {
        const text = `${y}-${m}-${d}T00:00:00.000Z`;
        const date = new Date(Date.parse(text));
        const isReal = !Number.isNaN(date.getTime()) && date.toISOString() === text;
        expect(parseRfc3339Text(text)).toBe(isReal ? date.getTime() : undefined);
      }),
      run,
    );
  });

  it('counts offsets and any number of digits of a second', () => {
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    const offset = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(23), minutes: fc.nat(59) });
    const second = fc.integer({ min: first / 1000 + 86_400, max: Math.floor(last / 1000) - 86_400 });
    fc.assert(
      fc.property(second, digits, offset, (s, fraction, { sign, hours, minutes }) => {
        const local = new Date((s + sign * (hours * 60 + minutes) * 60) * 1000).toISOString().slice(0, 19);
        const zone = `${sign > 0 ? '+' : '-'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
        expect(parseRfc3339Text(`${local}.${fraction}${zone}`)).toBe(s * 1000 + ms);
      }),
      run,
    );
  });
});

describe('RFC 3339', () => {
  it.each([
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520Z'],
    ['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57.000Z'],
    ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.870Z'],
    ['2023-12-01t00:00:00z', '2023-12-01T00:00:00.000Z'],
    ['2023-12-01 00:00:00Z', '2023-12-01T00:00:00.000Z'],
    ['2023-12-01T00:00:00-00:00', '2023-12-01T00:00:00.000Z'],
    ['2023-12-01T00:00:00.0009Z', '2023-12-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'],
    ['0000-01-01T00:00:00-23:59', '0000-01-01T23:59:00.000Z'],
    ['9999-12-31T23:59:59+23:59', '9999-12-31T00:00:59.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseRfc3339Text(text)).toBe(Date.parse(iso));
  });

  it.each([
    '',
    '2023-12-01',
    '2023-12-01T00:00Z',
    '2023-12-01T00:00:00',
    '2023-12-01T00:00:00.Z',
    '2023-12-01T00:00:00,5Z',
    '2023-12-01T00:00:00.5',
    '2023-12-01T00:00:00.5ZZ',
    '2023-12-01T00:00:00Z ',
    ' 2023-12-01T00:00:00Z',
    '2023-12-01_00:00:00Z',
    '2023-12-01T24:00:00Z',
    '2023-12-01T23:60:00Z',
    '2016-12-31T23:59:60Z',
    '2023-00-01T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-12-00T00:00:00Z',
    '2023-12-32T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2023-1-01T00:00:00ZZ',
    '2023/12/01T00:00:00Z',
    '2023-12-01T00.00.00Z',
    '+023-12-01T00:00:00Z',
    '-023-12-01T00:00:00Z',
    '12023-12-01T00:00:00Z',
    '2023-12-01T00:00:00+24:00',
    '2023-12-01T00:00:00+00:60',
    '2023-12-01T00:00:00+0000',
    '2023-12-01T00:00:00+00',
    '2023-12-01T00:00:00+00:000',
    '2023-12-01T00:00:00~00:00',
    '2023-12-01T00:00:00.+00:00',
    '2023-12-01T00:00:00Z+00:00',
    '2023-12-01T00:00:00.５Z',
    '２023-12-01T00:00:00Z',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '1701388800000',
    'Fri, 01 Dec 2023 00:00:00 GMT',
    'null',
  ])('has no time %j', (text) => {
    expect(parseRfc3339Text(text)).toBeUndefined();
  });

  it('is read from a part of some bytes, whatever lies around it', () => {
    const text = '2023-12-01T00:00:00.250+01:00';
    const bytes = Buffer.from(`12${text}00:00Z`);
    const end = 2 + text.length;
    expect(parseRfc3339(bytes, 2, end)).toBe(Date.parse(text));
    for (let cut = 2; cut < end; cut++) expect(parseRfc3339(bytes, 2, cut)).toBeUndefined();
    expect(parseRfc3339(bytes, 2, end + 1)).toBeUndefined();
    expect(parseRfc3339(bytes, 1, end)).toBeUndefined();
  });

  it('refuses a time with any one character changed to a letter', () => {
    const text = '2023-12-01T10:11:12.345Z';
    for (let at = 0; at < text.length; at++) {
      expect(parseRfc3339Text(`${text.slice(0, at)}x${text.slice(at + 1)}`)).toBeUndefined();
    }
  });
});
