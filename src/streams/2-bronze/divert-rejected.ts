import { connect, filter, map, merge, type Observable, type OperatorFunction } from 'rxjs';
import type { OutputRecord } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';
import type { DeadLetterCause } from './dead-letter.ts';

/** A record that can't be used, with the reason. */
export interface RejectedRecord extends DeadLetterCause {
  readonly kind: 'rejected';
  readonly record: LogRecord;
}

/** Sends what is rejected to the dead letters, and the rest through `rest`; both come out. */
export const divertRejected =
  <Accepted extends { readonly kind: string }>(
    toDeadLetter: (rejected: RejectedRecord) => OutputRecord,
    rest: (accepted: Observable<Accepted>) => Observable<OutputRecord>,
  ): OperatorFunction<Accepted | RejectedRecord, OutputRecord> =>
  (items) =>
    items.pipe(
      connect((shared) =>
        merge(shared.pipe(filter(isRejected), map(toDeadLetter)), rest(shared.pipe(filter(isAccepted<Accepted>)))),
      ),
    );

const isRejected = (item: { readonly kind: string }): item is RejectedRecord => item.kind === 'rejected';

const isAccepted = <Accepted extends { readonly kind: string }>(item: Accepted | RejectedRecord): item is Accepted =>
  item.kind !== 'rejected';
