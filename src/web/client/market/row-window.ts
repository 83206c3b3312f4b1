/** A row to draw, or the room of rows that are not drawn. */
export type DrawnRow =
  | { readonly kind: 'row'; readonly index: number }
  /** `key` tells the gaps of one window apart. */
  | { readonly kind: 'gap'; readonly key: 'above' | 'between' | 'below'; readonly height: number };

/** Which rows of a long table are in sight, and a few more: those in [start, end). */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

const OVERSCAN = 8;

/** All of them while they are few, so that a browser's own search finds them. */
export function rowWindow(count: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  if (count <= 150) return { start: 0, end: count };
  const start = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight) - OVERSCAN));
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + OVERSCAN);
  return { start, end };
}

/**
 * What is drawn from top to bottom: the window, and the row `kept` wherever it is, as it has the focus; -1 for none. The
 * heights add up to those of all rows.
 */
export function drawnTableRows(
  { start, end }: RowWindow,
  count: number,
  rowHeight: number,
  kept: number,
): readonly DrawnRow[] {
  const rows = Array.from({ length: end - start }, (_, i): DrawnRow => ({ kind: 'row', index: start + i }));
  const gap = (key: 'above' | 'between' | 'below', from: number, to: number): readonly DrawnRow[] =>
    to > from ? [{ kind: 'gap', key, height: (to - from) * rowHeight }] : [];
  const keptRow: DrawnRow = { kind: 'row', index: kept };
  if (kept >= 0 && kept < start)
    return [
      ...gap('above', 0, kept),
      keptRow,
      ...gap('between', kept + 1, start),
      ...rows,
      ...gap('below', end, count),
    ];
  if (kept >= end && kept < count)
    return [
      ...gap('above', 0, start),
      ...rows,
      ...gap('between', end, kept),
      keptRow,
      ...gap('below', kept + 1, count),
    ];
  return [...gap('above', 0, start), ...rows, ...gap('below', end, count)];
}
