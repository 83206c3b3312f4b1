import { delay, map, type Observable } from 'rxjs';
import { describe, it } from 'vitest';
import { divertRejected, type RejectedRecord } from '../../../src/streams/2-bronze/divert-rejected.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { logRecord } from '../../support/log-record.ts';
import { marbles } from '../../support/marbles.ts';

interface Accepted {
  readonly kind: 'accepted';
  readonly name: string;
}

const to = (topic: string): OutputRecord => ({ topic, partition: 0, key: null, value: null });
const rejected: RejectedRecord = { kind: 'rejected', reason: 'no-id', error: 'no id', record: logRecord() };
const values: Record<string, Accepted | RejectedRecord> = {
  a: { kind: 'accepted', name: 'a' },
  b: { kind: 'accepted', name: 'b' },
  r: rejected,
};
const outputs = { a: to('a'), b: to('b'), r: to('dead no-id') };

const toDeadLetter = ({ reason }: RejectedRecord): OutputRecord => to(`dead ${reason}`);
const rest = (accepted: Observable<Accepted>): Observable<OutputRecord> => accepted.pipe(map(({ name }) => to(name)));

describe('diverting what is rejected', () => {
  it('sends it to the dead letters and everything else through the rest, in order', () => {
    marbles(({ hot, expectObservable }) => {
      const items = hot('                            -arb(ra)|', values);
      expectObservable(items.pipe(divertRejected(toDeadLetter, rest))).toBe('-arb(ra)|', outputs);
    });
  });

  it('waits for the rest before it ends', () => {
    marbles(({ hot, expectObservable }) => {
      const slow = (accepted: Observable<Accepted>) => rest(accepted).pipe(delay(3));
      const items = hot('                            -ar|', values);
      expectObservable(items.pipe(divertRejected(toDeadLetter, slow))).toBe('--r-(a|)', outputs);
    });
  });

  it('ends at once without items, and fails with its input or the rest', () => {
    marbles(({ hot, cold, expectObservable }) => {
      expectObservable(hot('--|', values).pipe(divertRejected(toDeadLetter, rest))).toBe('--|');
      expectObservable(hot('-a#', values).pipe(divertRejected(toDeadLetter, rest))).toBe('-a#', outputs);
      const failing = () => cold<OutputRecord>('--#');
      expectObservable(hot('-r---', values).pipe(divertRejected(toDeadLetter, failing))).toBe('-r#', outputs);
    });
  });

  it('subscribes to its input once, and lets go of it when it is unsubscribed from', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const items = hot('-ar--', values);
      expectObservable(items.pipe(divertRejected(toDeadLetter, rest)), '--!').toBe('-a-', outputs);
      expectSubscriptions(items.subscriptions).toBe('^-!');
    });
  });
});
