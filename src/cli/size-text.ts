const UNITS = ['KB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes for people, in the largest unit of a thousand that leaves something before the point: `61.2 KB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let size = bytes / 1_000;
  let unit = 0;
  // 999.96 is written as 1000.0.
  while (size >= 999.95 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${size.toFixed(1)} ${UNITS[unit]}`;
}
