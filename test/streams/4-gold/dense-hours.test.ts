import { beforeEach, describe, expect, it } from 'vitest';
import { DenseHours } from '../../../src/streams/4-gold/dense-hours.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';

const hour = (number: number): number => 1_000 * HOUR_MS + number * HOUR_MS;

let dense: DenseHours;
beforeEach(() => {
  dense = new DenseHours();
});

/** A stretch of the hours `[0, length)` with these prices; high is one more, low half. */
function fill(length: number, prices: Readonly<Record<number, number>>): void {
  dense.reset(hour(0), hour(length));
  for (const [number, price] of Object.entries(prices)) dense.set(hour(Number(number)), price, price + 1, price / 2);
  dense.seal();
}

describe('dense hours', () => {
  it('are seen from an hour back, gaps as NaN', () => {
    fill(5, { 0: 1, 1: 2, 3: 8, 4: 4 });
    const window = dense.at(hour(4));
    expect(window.hour).toBe(hour(4));
    expect([0, 1, 2, 3, 4].map((ago) => window.price(ago))).toEqual([4, 8, NaN, 2, 1]);
    expect([0, 1, 2].map((ago) => window.high(ago))).toEqual([5, 9, NaN]);
    expect([0, 1, 2].map((ago) => window.low(ago))).toEqual([2, 4, NaN]);
    expect([0, 1, 2, 3].map((ago) => window.ret(ago))).toEqual([-0.5, NaN, NaN, 1]);
  });

  it('have nothing before their first hour', () => {
    fill(2, { 0: 1, 1: 2 });
    const window = dense.at(hour(1));
    for (const ago of [2, 3, 500]) {
      expect([window.price(ago), window.high(ago), window.low(ago), window.ret(ago)]).toEqual(Array(4).fill(NaN));
    }
    expect(window.ret(1)).toBeNaN();
  });

  it('move their cursor', () => {
    fill(3, { 0: 1, 1: 2, 2: 3 });
    expect([0, 1, 2].map((number) => dense.at(hour(number)).price(0))).toEqual([1, 2, 3]);
    expect([dense.at(hour(1)).cursor, dense.at(hour(2)).cursor]).toEqual([1, 2]);
  });

  it('give their columns, with the cursor at the hour itself', () => {
    fill(3, { 0: 1, 2: 3 });
    const window = dense.at(hour(2));
    const column = (name: 'price' | 'high' | 'low' | 'ret') => [...window.values(name).slice(0, window.cursor + 1)];
    expect(column('price')).toEqual([1, NaN, 3]);
    expect(column('high')).toEqual([2, NaN, 4]);
    expect(column('low')).toEqual([0.5, NaN, 1.5]);
    expect(column('ret')).toEqual([NaN, NaN, NaN]);
  });

  it('keep nothing of an earlier stretch, be it longer or shorter', () => {
    fill(300, Object.fromEntries(Array.from({ length: 300 }, (_, number) => [number, number + 1])));
    fill(4, { 3: 7 });
    const short = dense.at(hour(3));
    expect([0, 1, 2, 3].map((ago) => short.price(ago))).toEqual([7, NaN, NaN, NaN]);
    expect([0, 1, 2].map((ago) => short.ret(ago))).toEqual([NaN, NaN, NaN]);
    fill(1_000, { 998: 2, 999: 3 });
    const long = dense.at(hour(999));
    expect([0, 1, 2, 900].map((ago) => long.price(ago))).toEqual([3, 2, NaN, NaN]);
    expect([long.ret(0), long.ret(1)]).toEqual([0.5, NaN]);
  });

  it('have no return that is not finite', () => {
    fill(2, { 0: 5e-324, 1: 1e300 });
    expect(dense.at(hour(1)).ret(0)).toBeNaN();
  });
});
