/** 10^n for the n whose power a float64 holds exactly. */

const exactPowers = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/** A decimal number of at most this many digits is an integer that a float64 holds exactly. */
const EXACT_DIGITS = 15;

/**
 * The float64 nearest to the JSON number `[start, end)`, the very bits that `Number` of its text gives.
 *
 * Up to 15 digits times or over a power of ten up to 22 are two exact operands and one rounding, hence right; anything
 * else goes through `Number`. Source: W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990.
 */
export function numberValue(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  let mantissa = 0;
  let digits = 0;
  let exponent = 0;
  let step = 0;
  let at = negative ? start + 1 : start;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) ^ 0x30;
    if (digit < 10) {
      mantissa = mantissa * 10 + digit;
      if (mantissa !== 0) digits++;
      exponent -= step;
    } else if (digit === 0x1e) step = 1;
    else break;
  }
  if (at < end) exponent += exponentValue(bytes, at + 1, end);
  if (digits > EXACT_DIGITS || exponent > 22 || exponent < -22) return Number(bytes.toString('latin1', start, end));
  const power = exactPowers[exponent < 0 ? -exponent : exponent] ?? NaN;
  const value = exponent < 0 ? mantissa / power : mantissa * power;
  return negative ? -value : value;
}

/** The digits behind an e, with their sign. */
function exponentValue(bytes: Buffer, from: number, end: number): number {
  const negative = bytes[from] === 0x2d;
  let value = 0;
  for (let at = negative || bytes[from] === 0x2b ? from + 1 : from; at < end; at++) {
    value = value * 10 + ((bytes[at] ?? 0) ^ 0x30);
  }
  return negative ? -value : value;
}
