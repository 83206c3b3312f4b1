import { formatLarge } from './large.ts';

const SIGNIFICANT = 5;
const MIN_DECIMALS = 2;
/** From here on, cents are noise, and take the room of thousands. */
const MANY_THOUSANDS = 1e6;
const MAX_DECIMALS = 16;
/** From this many zeros behind the point on, they are counted rather than written. */
const MANY_ZEROS = 4;
const subscripts = '₀₁₂₃₄₅₆₇₈₉';

/** How many decimals show five significant digits of a price of that size: the same for every price of one coin. */
export function priceDecimals(price: number): number {
  if (!(price > 0) || !Number.isFinite(price)) return MIN_DECIMALS;
  if (price >= MANY_THOUSANDS) return 0;
  const magnitude = Math.floor(Math.log10(price));
  return Math.min(MAX_DECIMALS, Math.max(MIN_DECIMALS, SIGNIFICANT - 1 - magnitude));
}

/** Larger prices are of no coin; they are written short, so that they break no table. */
const LARGEST = 1e7;

const formats = new Map<number, Intl.NumberFormat>();

/**
 * The price with exactly that many decimals and grouped thousands; a dash where there is none. The zeros of a tiny price
 * are counted, as usual in this market: 0.0000015400 is `0.0₅15400`.
 */
export function formatPrice(price: number | null, decimals: number): string {
  if (price === null || !Number.isFinite(price)) return '–';
  if (Math.abs(price) > LARGEST) return formatLarge(price);
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  return format
    .format(price)
    .replace(/\.(0+)(?=[1-9])/, (all, zeros: string) =>
      zeros.length < MANY_ZEROS ? all : `.0${subscript(zeros.length)}`,
    );
}

const subscript = (count: number): string => String(count).replace(/\d/g, (digit) => subscripts[Number(digit)] ?? '');
