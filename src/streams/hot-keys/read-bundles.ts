import { map, type OperatorFunction } from 'rxjs';
import type { RejectedRecord } from '../2-bronze/divert-rejected.ts';
import { excerpt } from '../json/excerpt.ts';
import type { LogRecord } from '../log/record.ts';
import { readBundle } from './read-bundle.ts';

/** Records that were forwarded together. */
export interface ReadBundle {
  readonly kind: 'bundle';
  readonly records: readonly LogRecord[];
}

/** Records of `pulse.hot` to what is in them; what is no bundle is rejected as a whole. */
export const readBundles = (): OperatorFunction<LogRecord, ReadBundle | RejectedRecord> =>
  map((record) => {
    const records = record.value === null ? undefined : readBundle(record.value);
    if (records !== undefined) return { kind: 'bundle', records };
    const error = record.value === null ? 'the value is null' : `no bundle of records: ${excerpt(record.value)}`;
    return { kind: 'rejected', reason: 'bad-bundle', error, record };
  });
