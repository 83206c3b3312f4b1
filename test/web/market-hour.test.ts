import { describe, expect, it } from 'vitest';
import { endOfReach, isAt, marketHour } from '../../src/web/market-hour.ts';

const HOUR_MS = 3_600_000;

describe('the hour that the market is at', () => {
  it('is the newest that two coins have reached, or the only coin', () => {
    expect(marketHour([])).toBeUndefined();
    expect(marketHour([7])).toBe(7);
    expect(marketHour([7, 9])).toBe(7);
    expect(marketHour([5, 9, 9, 4])).toBe(9);
  });

  it('is moved neither by one date from the future nor by coins that went silent', () => {
    const coins = [...Array<number>(20).fill(100 * HOUR_MS), ...Array<number>(70).fill(3 * HOUR_MS)];
    expect(marketHour([...coins, 9e12])).toBe(100 * HOUR_MS);
  });

  it('wants one coin in fifty of a large market', () => {
    const coins = [...Array<number>(980).fill(1), ...Array<number>(19).fill(2)];
    expect(marketHour([...coins, 2])).toBe(2);
    expect(marketHour([...coins, 1])).toBe(1);
  });

  it('reaches as far ahead as coins compete, and has no end where there are none', () => {
    const hour = 100 * HOUR_MS;
    expect([102, 103].map((at) => at * HOUR_MS < endOfReach(hour))).toEqual([true, false]);
    expect(endOfReach(undefined)).toBe(Infinity);
  });

  it('lets those compete that are at most two hours from it, on either side', () => {
    const hour = 100 * HOUR_MS;
    expect([98, 100, 102, 97, 103].map((at) => isAt(at * HOUR_MS, hour))).toEqual([true, true, true, false, false]);
  });
});
