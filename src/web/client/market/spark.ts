import type { MarketRow } from '../../contract.ts';

/** The row as it now is: a batch leaves the 24 hours out where only the newest price differs from what was sent before. */
export function withSpark(row: MarketRow, before: MarketRow | undefined): MarketRow {
  if (row.spark !== undefined) return row;
  if (before?.spark === undefined || before.ts !== row.ts) return row;
  return { ...row, spark: [...before.spark.slice(0, -1), row.price] };
}

/** The line through the prices in a box, oldest left; a gap breaks the line. Empty where nothing can be drawn. */
export function sparkPath(prices: readonly (number | null)[], width: number, height: number): string {
  const known = prices.filter((price) => price !== null);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const step = width / (prices.length - 1);
  let path = '';
  let pen = 'M';
  prices.forEach((price, i) => {
    if (price === null) {
      pen = 'M';
      return;
    }
    const y = span === 0 ? height / 2 : height - ((price - low) / span) * height;
    path += `${pen}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
