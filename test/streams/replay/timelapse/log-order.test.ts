import { describe, expect, it } from 'vitest';
import { LogOrder } from '../../../../src/streams/replay/timelapse/log-order.ts';

const HOUR = 3_600_000;

/** The hours of those that lie in order. */
function inOrder(...hours: readonly number[]): readonly number[] {
  const order = new LogOrder();
  return hours.filter((hour) => order.holds(hour * HOUR));
}

describe('the order of a partition', () => {
  it('holds all that never go back', () => {
    expect(inOrder(0, 1, 1, 2.5, 4)).toEqual([0, 1, 1, 2.5, 4]);
  });

  it('does not hold those that come late', () => {
    expect(inOrder(0, 1, 0.5, 0.9, 1, 2)).toEqual([0, 1, 1, 2]);
  });

  it('does not hold a stray date, but all behind it', () => {
    expect(inOrder(0, 1, 9_000, 2, 3, -9_000, 4)).toEqual([0, 1, 2, 3, 4]);
  });

  it('holds what comes behind a gap, but for the first', () => {
    expect(inOrder(0, 1, 100, 100.5, 101, 102)).toEqual([0, 1, 101, 102]);
    expect(inOrder(0, 1, 100, 100, 101)).toEqual([0, 1, 100, 101]);
  });
});
