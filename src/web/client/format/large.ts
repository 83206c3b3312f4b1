const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
/** There are no names for what is larger. */
const LARGEST_NAMED = 1e15;

/** A large number in at most eight characters: `2.65B`, `1.00e20`. */
export const formatLarge = (value: number): string =>
  Math.abs(value) < LARGEST_NAMED ? compact.format(value) : value.toExponential(2).replace('e+', 'e');
