import type { LogRecord } from '../../../streams/log/record.ts';
import type { Projected, Projection, ViewTableName } from './projections.ts';

/** What one record does to the view. */
export interface ProjectedRecord {
  readonly change: Projected;
  /** When the record was appended. */
  readonly timestamp: number;
}

/** Of these a key's last row is all that the view shows; every report and every dead letter counts by itself. */
const latestCounts: ReadonlySet<ViewTableName> = new Set(['prices', 'features', 'movers']);

/**
 * What a batch does to the view, in its order. Where only a key's last row counts, those before it are passed over unread:
 * a view that has fallen behind gets larger batches, in which more are superseded, and so catches up at any rate of updates.
 * One that can't be shown supersedes nothing.
 */
export function projectLatest(projection: Projection, records: readonly LogRecord[]): readonly ProjectedRecord[] {
  const of = (record: LogRecord): ProjectedRecord => ({
    change: projection.project(record),
    timestamp: record.timestamp,
  });
  if (!latestCounts.has(projection.table)) return records.map(of);
  const shown = new Set<string>();
  const kept: ProjectedRecord[] = [];
  for (const record of [...records].reverse()) {
    // Latin-1 maps bytes one to one, and costs no decoding.
    const key = record.key?.toString('latin1') ?? '';
    if (shown.has(key)) continue;
    const projected = of(record);
    if (projected.change.kind !== 'unreadable') shown.add(key);
    kept.push(projected);
  }
  return kept.reverse();
}
