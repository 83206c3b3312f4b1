import { Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { into } from '../../src/streams/into.ts';

/** An operator of ours: doubles, and throws at 13. */
const doubled = (source: Observable<number>): Observable<number> =>
  new Observable((subscriber) =>
    source.subscribe(
      into(subscriber, (value: number) => {
        if (value === 13) throw new Error('thirteen');
        subscriber.next(2 * value);
      }),
    ),
  );

function heard(source: Observable<number>): unknown[] {
  const all: unknown[] = [];
  doubled(source).subscribe({
    next: (value) => all.push(value),
    error: (error: Error) => all.push(error.message),
    complete: () => all.push('complete'),
  });
  return all;
}

describe('what an operator subscribes with', () => {
  it('passes values through, and the end on', () => {
    const source = new Subject<number>();
    const all = heard(source);
    source.next(1);
    source.next(2);
    source.complete();
    expect(all).toEqual([2, 4, 'complete']);
  });

  it('passes an error on', () => {
    const source = new Subject<number>();
    const all = heard(source);
    source.error(new Error('no more'));
    expect(all).toEqual(['no more']);
  });

  it("makes what `next` throws the stream's error, and lets go of the source", () => {
    const source = new Subject<number>();
    const all = heard(source);
    source.next(1);
    source.next(13);
    expect(source.observed).toBe(false);
    source.next(2);
    expect(all).toEqual([2, 'thirteen']);
  });
});
