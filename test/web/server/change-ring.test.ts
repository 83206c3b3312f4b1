import { describe, expect, it } from 'vitest';
import { ChangeRing } from '../../../src/web/server/gateway/change-ring.ts';
import { ChangeSet } from '../../../src/web/server/view/change-set.ts';

function changed(coin: string, spark = false, hour?: number): ChangeSet {
  const changes = new ChangeSet();
  changes.coin(coin, spark);
  if (hour !== undefined) changes.hour(coin, hour);
  return changes;
}

describe('the last flushes', () => {
  it('are told from any number on, together', () => {
    const ring = new ChangeRing();
    expect(ring.after(0)?.size).toBe(0);
    expect([
      ring.push(changed('a', true, 1)),
      ring.push(changed('b', false, 2)),
      ring.push(changed('a', false, 3)),
    ]).toEqual([...[1, 2, 3]]);
    expect([...(ring.after(0)?.coins ?? [])]).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect([...(ring.after(1)?.coins ?? [])]).toEqual([
      ['b', false],
      ['a', false],
    ]);
    expect([...(ring.after(0)?.hours.get('a') ?? [])]).toEqual([1, 3]);
    expect(ring.after(3)?.size).toBe(0);
  });

  it('are forgotten when there are too many, or too much is in them', () => {
    const ring = new ChangeRing();
    for (let i = 0; i < 1001; i++) ring.push(changed('a'));
    expect(ring.after(0)).toBeUndefined();
    expect(ring.after(1)?.coins.size).toBe(1);
    const large = new ChangeSet();
    for (let i = 0; i < 50_001; i++) large.hour('a', i);
    ring.push(large);
    expect(ring.after(1001)).toBeUndefined();
    expect(ring.after(1002)?.size).toBe(0);
  });

  it('know nothing of numbers that are none of theirs', () => {
    const ring = new ChangeRing();
    ring.push(changed('a'));
    for (const since of [2, -1, 0.5, NaN, Infinity]) expect(ring.after(since)).toBeUndefined();
  });
});
