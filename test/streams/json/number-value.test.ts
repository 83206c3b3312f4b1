import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberValue } from '../../../src/streams/json/number-value.ts';
import { numberText } from './json-texts.ts';

const valueOf = (text: string): number => {
  const bytes = Buffer.from(`x${text}5`);
  return numberValue(bytes, 1, bytes.length - 1);
};

describe('the value of a number is the very bits that JSON.parse gives', () => {
  it('for any spelling', () => {
    fc.assert(
      fc.property(numberText, (text) => void expect(valueOf(text)).toBe(JSON.parse(text))),
      { numRuns: 3000 },
    );
  });

  it('for every float64 as JavaScript writes it', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => {
        const text = Object.is(value, -0) ? '-0' : String(value);
        expect(valueOf(text)).toBe(value);
      }),
      { numRuns: 3000 },
    );
  });

  it('for prices and supplies with any number of digits on both sides of the point', () => {
    const price = fc.tuple(fc.nat(999_999_999), fc.stringMatching(/^[0-9]{1,12}$/)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(price, (text) => void expect(valueOf(text)).toBe(Number(text))),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['-0', -0],
    ['-0.000e+5', -0],
    ['0.000000000000000000000000000001', 1e-30],
    ['000', 0],
    ['999999999999999', 999_999_999_999_999],
    ['999999999999999e22', 999_999_999_999_999e22],
    ['999999999999999e23', 999_999_999_999_999e23],
    ['123456789012345e-22', 123_456_789_012_345e-22],
    ['1e22', 1e22],
    ['1e23', 1e23],
    ['9007199254740993', 9007199254740992],
    ['8.5e-22', 8.5e-22],
    ['1e0000000000000000000000000000000000000001', 10],
    ['1e999999999999999999999999', Infinity],
    ['0e999999999999999999999999', 0],
    ['1.8634886195213776e+37', 1.8634886195213776e37],
  ])('%s', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });
});
