/** Which rows of a long table to draw, and how much room the others take above and below. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
  readonly above: number;
  readonly below: number;
}

const OVERSCAN = 8;

/** The rows in sight and a few more; all of them while they are few, so that a browser's own search finds them. */
export function rowWindow(count: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  if (count <= 150) return { start: 0, end: count, above: 0, below: 0 };
  const start = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - OVERSCAN));
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + OVERSCAN);
  return { start, end, above: start * rowHeight, below: (count - end) * rowHeight };
}
