import { map, NEVER, type Observable, Subject } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { forwardHot } from '../../../src/streams/hot-keys/forward-hot.ts';
import { HotPartition } from '../../../src/streams/hot-keys/hot-partition.ts';
import { readBundle } from '../../../src/streams/hot-keys/read-bundle.ts';
import type { LogRecord } from '../../../src/streams/log/record.ts';
import { logRecord } from '../../support/log-record.ts';

const rest = (records: Observable<LogRecord>): Observable<string> =>
  records.pipe(map(({ key }) => `kept ${String(key)}`));

let hot: HotPartition;
let records: Subject<LogRecord>;
let commit: Subject<void>;
let seen: string[];
beforeEach(() => {
  hot = new HotPartition(0, () => 0);
  records = new Subject();
  commit = new Subject();
  seen = [];
});

const connect = () =>
  records
    .pipe(
      forwardHot(
        hot,
        ({ lane, bundle }) =>
          `to ${lane}: ${(readBundle(bundle) ?? []).map(({ key, offset }) => `${String(key)}@${offset}`).join(' ')}`,
        commit,
        rest,
      ),
    )
    .subscribe({
      next: (text) => seen.push(text),
      error: (error: Error) => seen.push(error.message),
      complete: () => seen.push('end'),
    });

let offset = 0;
const send = (...keys: (string | null)[]): void =>
  keys.forEach((key) => records.next(logRecord({ key, value: 'x', offset: offset++ })));

describe('forwarding hot keys', () => {
  beforeEach(() => {
    offset = 0;
  });

  it('keeps everything while nothing is salted', () => {
    connect();
    send('a', null, 'b');
    commit.next();
    expect(seen).toEqual(['kept a', 'kept null', 'kept b']);
  });

  it('deals a salted key out over its cycle, home included, and bundles what goes elsewhere till the commit', () => {
    hot.salt([{ key: 'a', home: 0, cycle: [0, 1, 2, 1] }]);
    connect();
    send('a', 'a', 'b', 'a', 'a', 'a');
    expect(seen).toEqual(['kept a', 'kept b', 'kept a']);
    commit.next();
    expect(seen.slice(3)).toEqual(['to 1: a@1 a@4', 'to 2: a@3']);
    commit.next();
    expect(seen).toHaveLength(5);
  });

  it('leaves the keys of other homes, and those that merely begin alike', () => {
    hot.salt([
      { key: 'a', home: 1, cycle: [2] },
      { key: 'b', home: 0, cycle: [2] },
    ]);
    connect();
    send('a', 'bb', 'b');
    commit.next();
    expect(seen).toEqual(['kept a', 'kept bb', 'to 2: b@2']);
  });

  it('sends a full bundle on at once', () => {
    hot.salt([{ key: 'a', home: 0, cycle: [1] }]);
    connect();
    for (let each = 0; each < 3; each++)
      records.next(logRecord({ key: 'a', value: Buffer.alloc(100_000), offset: each }));
    expect(seen).toEqual(['to 1: a@0 a@1 a@2']);
  });

  it('goes on where its cycle was when it is salted anew, and counts every record of it', () => {
    hot.salt([{ key: 'a', home: 0, cycle: [1, 2] }]);
    connect();
    send('a');
    hot.salt([{ key: 'a', home: 0, cycle: [1, 2, 3] }]);
    send('a', 'a');
    commit.next();
    expect(seen).toEqual(['to 1: a@0', 'to 2: a@1', 'to 3: a@2']);
    expect(hot.heaviest()).toEqual({ total: 3, keys: [{ key: 'a', count: 3, error: 0 }] });
    hot.salt([]);
    send('a');
    expect(seen.at(-1)).toBe('kept a');
  });

  it('forgets what an earlier start has bundled and not committed', () => {
    hot.salt([{ key: 'a', home: 0, cycle: [1] }]);
    connect().unsubscribe();
    const abandoned = connect();
    send('a');
    abandoned.unsubscribe();
    connect();
    commit.next();
    expect(seen).toEqual([]);
  });

  it('ends with its input, fails with it, with the rest and with what turns a bundle into a record, and lets go', () => {
    connect();
    records.complete();
    expect(seen).toEqual(['end']);
    seen = [];
    records = new Subject();
    connect();
    records.error(new Error('no input'));
    expect(seen).toEqual(['no input']);
    seen = [];
    records = new Subject();
    hot.salt([{ key: 'a', home: 0, cycle: [1] }]);
    const failing = () => {
      throw new Error('no record');
    };
    records
      .pipe(forwardHot(hot, failing, commit, () => NEVER))
      .subscribe({ error: (error: Error) => seen.push(error.message) });
    send('a');
    commit.next();
    expect(seen).toEqual(['no record']);
    expect([records.observed, commit.observed]).toEqual([false, false]);
  });
});
