import { describe, expect, it } from 'vitest';
import { MAX_TAILED, TailBuffer } from '../../../src/web/client/pipeline/tail-buffer.ts';
import type { ShownRecord } from '../../../src/web/pipeline-contract.ts';

const records = (from: number, to: number, timestamp = 1): readonly ShownRecord[] =>
  Array.from({ length: to - from }, (_, i) => ({
    ...{ partition: 0, offset: from + i, timestamp, key: null, headers: [], value: '', form: 'text', bytes: 0 },
  }));
const offsets = (shown: readonly ShownRecord[]): readonly number[] => shown.map(({ offset }) => offset);
const frame = (from: number, to: number, skipped = 0, timestamp = 1) => ({
  records: records(from, to, timestamp),
  skipped,
});

describe('what has come of a topic', () => {
  it('is shown once, though the answer and a frame both bring it', () => {
    const buffer = new TailBuffer();
    buffer.resume();
    buffer.take(frame(0, 5), []);
    const first = buffer.flush([]);
    buffer.take(frame(3, 8), first.records);
    buffer.take(frame(6, 9), first.records);
    expect(buffer.waiting).toBe(4);
    expect(offsets(buffer.flush(first.records).records)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is bounded, waiting and shown, and what had to go is counted', () => {
    const buffer = new TailBuffer();
    buffer.take(frame(0, 200, 7), []);
    buffer.take(frame(200, 400), []);
    expect(buffer.waiting).toBe(MAX_TAILED);
    const { records: shown, skipped } = buffer.flush([]);
    expect([shown[0]?.offset, shown.at(-1)?.offset, skipped]).toEqual([150, 399, 157]);
    buffer.take(frame(400, 410), shown);
    const next = buffer.flush(shown);
    expect([next.records.length, next.records.at(-1)?.offset, next.skipped]).toEqual([MAX_TAILED, 409, 0]);
  });

  it('joins what is shown after a lost connection where it overlaps, and begins anew where it does not', () => {
    const buffer = new TailBuffer();
    const shown = records(0, 5);
    buffer.resume();
    buffer.take(frame(4, 7), shown);
    expect(offsets(buffer.flush(shown).records)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    buffer.resume();
    // A server that has just begun knows nothing at first.
    buffer.take(frame(0, 0), shown);
    expect(offsets(buffer.flush(shown).records)).toEqual([0, 1, 2, 3, 4]);
    buffer.take(frame(9, 11), shown);
    buffer.take(frame(11, 12), shown);
    expect(offsets(buffer.flush(shown).records)).toEqual([9, 10, 11]);
  });

  it('is another record where the log was made anew and counts from 0 again', () => {
    const buffer = new TailBuffer();
    buffer.take(frame(0, 2, 0, 99), records(0, 2));
    expect(offsets(buffer.flush(records(0, 2)).records)).toEqual([0, 1, 0, 1]);
  });

  it('is forgotten where another topic is followed', () => {
    const buffer = new TailBuffer();
    buffer.take(frame(0, 300, 3), []);
    buffer.clear();
    expect(buffer.flush([])).toEqual({ records: [], skipped: 0 });
  });
});
