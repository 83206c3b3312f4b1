import { describe, expect, it } from 'vitest';
import { ReachedTime } from '../../../../src/streams/1-ingest/pace/reached-time.ts';

const HOUR_MS = 3_600_000;
const begin = Date.parse('2023-12-01T00:00:00Z');
const FAR = Date.parse('2099-01-01T00:00:00Z');

const after = (...hours: readonly number[]): number | undefined => {
  const time = new ReachedTime();
  for (const hour of hours) time.take(hour === Infinity ? FAR : begin + hour * HOUR_MS, true);
  return time.reached === undefined ? undefined : (time.reached - begin) / HOUR_MS;
};

describe('the time that a recording has reached', () => {
  it('is the latest that a quote has named, and none before the first', () => {
    expect(after()).toBeUndefined();
    expect(after(0, 1, 0.5)).toBe(1);
  });

  it('is not moved by a stray date, wherever it stands', () => {
    expect(after(0, 1, Infinity)).toBe(1);
    expect(after(0, Infinity, 1, Infinity, 2)).toBe(2);
  });

  it('is moved by any date that is not to be doubted', () => {
    const time = new ReachedTime();
    for (const hour of [0, 48, 24]) time.take(begin + hour * HOUR_MS, false);
    expect(time.reached).toBe(begin + 48 * HOUR_MS);
  });

  it('follows a leap that the next quotes make as well', () => {
    expect(after(0, 24, 24, 24.5)).toBe(24.5);
    expect(after(0, 24, 48, 72)).toBe(48);
    expect(after(0, Infinity, 24, 24)).toBe(24);
  });
});
