import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../../src/web/contract.ts';
import { directionOf, formatDeviations, formatFigure, formatRatio } from '../../../src/web/client/format/figure.ts';
import { formatPrice, priceDecimals } from '../../../src/web/client/format/price.ts';
import { formatAge, formatTime } from '../../../src/web/client/format/time.ts';

const shown = (price: number): string => formatPrice(price, priceDecimals(price));

describe('a z-score', () => {
  it('is signed but where it is shown as nought', () => {
    expect([1.234, -1.234, 0.006, -0.006, 0.004, -0.004, 0, -0].map(formatDeviations)).toEqual([
      ...['+1.23', '−1.23', '+0.01', '−0.01'],
      ...['0.00', '0.00', '0.00', '0.00'],
    ]);
  });
});

describe('a price', () => {
  it.each([
    [41832.456, '41,832.46'],
    [205378, '205,378.00'],
    [1234567.8, '1,234,568'],
    [312.4567, '312.46'],
    [6.9818, '6.9818'],
    [0.1338, '0.13380'],
    [0.00123456, '0.0012346'],
    [0.00000154, '0.0₅15400'],
    [1.2e-9, '0.0₈12000'],
    [1.23456e-12, '0.0₁₁12346'],
    [123_456_789, '123.46M'],
    [1e300, '1.00e300'],
  ])('of %d reads %s', (price, text) => {
    expect(shown(price)).toBe(text);
  });

  it('keeps its decimals while the coin stays in its size', () => {
    const decimals = priceDecimals(0.1338);
    for (const price of [0.1338, 0.134, 0.2, 0.13, 0.1]) expect(formatPrice(price, decimals)).toMatch(/^0\.\d{5}$/);
  });

  it('is within half a unit of its last place, whatever its size', () => {
    const digits = '₀₁₂₃₄₅₆₇₈₉';
    const parse = (text: string): number =>
      Number(
        text.replaceAll(',', '').replace(/\.0([₀-₉]+)/, (_, count: string) => {
          const zeros = Number(count.replace(/./g, (digit) => String(digits.indexOf(digit))));
          return `.${'0'.repeat(zeros)}`;
        }),
      );
    fc.assert(
      fc.property(fc.double({ min: 1e-10, max: 1e7, noNaN: true }), (price) => {
        expect(Math.abs(parse(shown(price)) - price)).toBeLessThanOrEqual(0.5000001 * 10 ** -priceDecimals(price));
      }),
    );
  });

  it('is a dash where there is none', () => {
    expect([formatPrice(null, 2), formatPrice(NaN, 2), formatPrice(Infinity, 2)]).toEqual(['–', '–', '–']);
  });
});

describe('a figure', () => {
  it('shows a return with its sign, and none where nothing of it can be seen', () => {
    const texts = [0.0123, -0.0123, 0.00001, -0.00001, 0, 12.5].map((ratio) => formatRatio(ratio, true));
    expect(texts).toEqual(['+1.23%', '−1.23%', '0.00%', '0.00%', '0.00%', '+1250%']);
  });

  it('is a number where the percentage is beyond what float64 holds', () => {
    expect([1.2e307, -1.2e306, 1.7e305].map((ratio) => formatRatio(ratio, true))).toEqual([
      ...['+1.20e309%', '−1.20e308%', '+1.70e307%'],
    ]);
  });

  it('never points another way than its sign', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (ratio) => {
        const sign = formatRatio(ratio, true).at(0);
        expect(directionOf(ratio)).toBe(sign === '+' ? 'up' : sign === '−' ? 'down' : 'flat');
      }),
    );
  });

  it('follows its unit', () => {
    const of = (unit: Column['unit'], value: number | null) => formatFigure({ unit }, value, 100);
    expect([
      of('change', 0.0047),
      of('change', -0.0047),
      of('ratio', 0.0047),
      of('price', 41.5),
      of('standard deviations', -2.345),
      of('hours', 31),
      of('ratio', null),
    ]).toEqual(['+0.47%', '−0.47%', '0.47%', '41.50', '−2.35', '31 h', '–']);
  });
});

describe('a time', () => {
  it('is told in UTC, or as the browser’s clock has it', () => {
    const at = Date.UTC(2023, 11, 1, 14, 5, 9);
    expect([formatTime(at, 'full', 'utc'), formatTime(at, 'seconds', 'utc')]).toEqual([
      '1 Dec 2023, 14:05',
      '14:05:09',
    ]);
    expect(formatTime(null, 'full', 'utc')).toBe('–');
  });

  it('is an age in its largest whole unit', () => {
    expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 172_800_000].map(formatAge)).toEqual([
      ...['0 s', '59 s', '1 min', '59 min', '1 h', '2 d'],
    ]);
  });
});
