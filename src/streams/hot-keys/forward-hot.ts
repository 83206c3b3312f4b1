import { Observable, type OperatorFunction, Subject } from 'rxjs';
import { into } from '../into.ts';
import type { LogRecord } from '../log/record.ts';
import type { AddressedBundle, HotPartition } from './hot-partition.ts';

/**
 * Takes the records out whose work is done elsewhere, and sends the rest through `rest`; bundles and what comes of the rest
 * come out. A bundle comes when it is full, the others at the next `commit`: before what `rest` emits at it.
 */
export const forwardHot =
  <Out>(
    hot: HotPartition,
    toRecord: (bundle: AddressedBundle) => Out,
    commit: Observable<unknown>,
    rest: OperatorFunction<LogRecord, Out>,
  ): OperatorFunction<LogRecord, Out> =>
  (records) =>
    new Observable((subscriber) => {
      hot.drop();
      const kept = new Subject<LogRecord>();
      const emit = (bundles: readonly AddressedBundle[]): void => {
        for (const bundle of bundles) subscriber.next(toRecord(bundle));
      };
      const take = (record: LogRecord): void => {
        if (!hot.forwards(record)) kept.next(record);
        else if (hot.isDue) emit(hot.full());
      };
      const subscription = commit.subscribe(into(subscriber, () => emit(hot.all())));
      subscription.add(kept.pipe(rest).subscribe(into(subscriber, (out) => subscriber.next(out))));
      subscription.add(records.subscribe({ ...into(subscriber, take), complete: () => kept.complete() }));
      return subscription;
    });
