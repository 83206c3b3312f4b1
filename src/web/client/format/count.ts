const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** How many there are, in at most six characters: `0`, `812`, `1.2K`. */
export const formatCount = (count: number): string => compact.format(count);

/** The same, exactly: `1,234,567`. */
export const formatExact = (count: number): string => count.toLocaleString('en-US');

/** How many there are of something: `1 record`, `1,234 records`. */
export const formatCounted = (count: number, one: string, many = `${one}s`): string =>
  `${formatExact(count)} ${count === 1 ? one : many}`;
