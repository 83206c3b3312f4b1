import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldOrder } from '../../../src/web/client/market/held-order.ts';
import { topMovers } from '../../../src/web/client/market/movers.ts';
import {
  filterCoins,
  formatOrder,
  knownOrder,
  parseOrder,
  sortCoins,
  toggledOrder,
  usualOrder,
} from '../../../src/web/client/market/order.ts';
import { drawnTableRows, rowWindow } from '../../../src/web/client/market/row-window.ts';
import { sparkPath, withSpark } from '../../../src/web/client/market/spark.ts';
import type { Column, MarketRow } from '../../../src/web/contract.ts';

const HOUR_MS = 3_600_000;
const column = (name: string): Column => ({ name, unit: 'ratio', hours: 25, formula: '', table: 'movers' });
const columns = [column('ret_1h'), column('ret_24h')];
const row = (coin: string, price: number, ret: number | null, ts = 0): MarketRow => ({
  ...{ coin, ts, price, marketCap: null, volume: price, final: false, quotedAt: null },
  values: [null, ret],
});
const names = (rows: readonly MarketRow[]): readonly string[] => rows.map(({ coin }) => coin);

describe('the order of the table', () => {
  const rows = [row('b', 2, 0.1), row('a', 2, null), row('c', 9, -0.5)];

  it('is by any figure, those without one last either way, equals by name', () => {
    expect(names(sortCoins(rows, parseOrder('ret_24h'), columns))).toEqual(['c', 'b', 'a']);
    expect(names(sortCoins(rows, parseOrder('-ret_24h'), columns))).toEqual(['b', 'c', 'a']);
    expect(names(sortCoins(rows, parseOrder('price'), columns))).toEqual(['a', 'b', 'c']);
    expect(names(sortCoins(rows, parseOrder('-coin'), columns))).toEqual(['c', 'b', 'a']);
    expect(names(sortCoins(rows, parseOrder('no such column'), columns))).toEqual(['a', 'b', 'c']);
  });

  it('is the same for rows in any order', () => {
    const any = fc.array(
      fc.record({ coin: fc.string(), ret: fc.option(fc.constantFrom(-1, 0, 1)), price: fc.constantFrom(1, 2) }),
    );
    fc.assert(
      fc.property(any, fc.constantFrom('ret_24h', '-ret_24h', 'price', 'coin'), (drawn, order) => {
        const made = [...new Map(drawn.map(({ coin, price, ret }) => [coin, row(coin, price, ret)])).values()];
        const sorted = sortCoins(made, parseOrder(order), columns);
        expect(sortCoins([...made].reverse(), parseOrder(order), columns)).toEqual(sorted);
        expect(sorted).toHaveLength(made.length);
      }),
    );
  });

  it('is the usual one where a link sorts by what is no more', () => {
    for (const text of ['coin', '-price', 'volume', '-market_cap', 'ret_24h']) {
      const order = parseOrder(text);
      expect(knownOrder(order, columns)).toBe(order);
    }
    for (const text of ['-ret_7d', 'toString', '']) expect(knownOrder(parseOrder(text), columns)).toBe(usualOrder);
  });

  it('turns round at a second click, and is the same after a trip through the address bar', () => {
    expect(toggledOrder(parseOrder('-price'), 'price')).toEqual(parseOrder('price'));
    expect(toggledOrder(parseOrder('-price'), 'ret_24h')).toEqual(parseOrder('-ret_24h'));
    expect(toggledOrder(parseOrder('-price'), 'coin')).toEqual(parseOrder('coin'));
    for (const text of ['price', '-ret_24h']) expect(formatOrder(parseOrder(text))).toBe(text);
  });

  it('goes by the names that people know, whatever their case', () => {
    const names: Readonly<Record<string, readonly [string, string]>> = { a: ['zeta', 'ZZ'], b: ['Beta', 'BT'] };
    const naming = {
      nameOf: (coin: string) => names[coin]?.[0] ?? coin,
      symbolOf: (coin: string) => names[coin]?.[1] ?? null,
    };
    const idsOf = (found: readonly MarketRow[]): readonly string[] => found.map(({ coin }) => coin);
    expect(idsOf(sortCoins(rows, parseOrder('coin'), columns, naming))).toEqual(['b', 'c', 'a']);
    expect(idsOf(filterCoins(rows, 'ETA', naming))).toEqual(idsOf(rows.filter(({ coin }) => coin !== 'c')));
    expect(idsOf(filterCoins(rows, 'zz zet', naming))).toEqual(['a']);
    expect(idsOf(filterCoins(rows, 'b', naming))).toEqual(['b']);
  });

  it('is of the watched coins alone where somebody wants so', () => {
    const held = new HeldOrder({ nameOf: (coin) => coin, symbolOf: () => null });
    const look = { order: parseOrder('-price'), filter: '', watched: new Set(['a', 'c', 'gone']) };
    expect(held.look(rows, columns, look, false)).toEqual(['c', 'a']);
    expect(held.look(rows, columns, { ...look, watched: new Set(['a']) }, true)).toEqual(['a']);
    expect(held.look(rows, columns, { ...look, watched: undefined }, true)).toEqual(['c', 'a', 'b']);
  });

  it('is held while it should be: rows keep their places, new ones follow, those gone leave', () => {
    const held = new HeldOrder({ nameOf: (coin) => coin, symbolOf: () => null });
    const place = { order: parseOrder('-price'), filter: '', watched: undefined };
    expect(held.look(rows, columns, place, false)).toEqual(['c', 'a', 'b']);
    const moved = [row('b', 99, 0), row('c', 1, 0), row('new', 50, 0)];
    expect(held.look(moved, columns, place, true)).toEqual(['c', 'b', 'new']);
    expect(held.look(moved, columns, { ...place, filter: 'b' }, true)).toEqual(['b']);
    expect(held.look(moved, columns, place, false)).toEqual(['b', 'new', 'c']);
  });

  it('holds the coins whose name has every word of the filter', () => {
    const coins = ['bitcoin', 'bitcoin-cash', 'Wrapped Bitcoin', '<b>'].map((coin) => row(coin, 1, 0));
    expect(names(filterCoins(coins, ' BIT cash '))).toEqual(['bitcoin-cash']);
    expect(names(filterCoins(coins, '<'))).toEqual(['<b>']);
    expect(filterCoins(coins, '   ')).toHaveLength(4);
  });
});

describe('the top movers', () => {
  it('are the largest on either side, without coins that went silent or have no return', () => {
    const now = 10 * HOUR_MS;
    const rows = [
      row('up', 1, 0.2, now),
      row('silent', 1, 9, now - 3 * HOUR_MS),
      row('late', 1, 0.4, now - 2 * HOUR_MS),
      row('none', 1, null, now),
      row('flat', 1, 0, now),
      row('down', 1, -0.3, now),
      row('deep', 1, -0.6, now),
    ];
    const { up, down, scale, of } = topMovers(rows, columns, 2);
    expect(up.map(({ row: { coin } }) => coin)).toEqual(['late', 'up']);
    expect(down.map(({ row: { coin } }) => coin)).toEqual(['deep', 'down']);
    expect([scale, of]).toEqual([0.6, 5]);
    expect(topMovers([], columns, 2)).toEqual({ up: [], down: [], scale: 0, of: 0 });
  });

  it('are not emptied by a coin with a date from the future', () => {
    const now = 10 * HOUR_MS;
    const rows = [row('up', 1, 0.2, now), row('down', 1, -0.3, now), row('stray', 1, 7, now + 9e9)];
    const { up, down } = topMovers(rows, columns, 2);
    expect([...up, ...down].map(({ row: { coin } }) => coin)).toEqual(['up', 'down']);
  });
});

describe('the line of 24 hours', () => {
  it('takes the newest price from a row that leaves it out', () => {
    const before = { ...row('a', 3, 0), spark: [1, 2, 3] };
    expect(withSpark(row('a', 4, 0), before).spark).toEqual([1, 2, 4]);
    expect(withSpark({ ...row('a', 4, 0), spark: [7] }, before).spark).toEqual([7]);
    expect(withSpark(row('a', 4, 0, HOUR_MS), before).spark).toBeUndefined();
  });

  it('breaks at a gap, stays in its box, and is not drawn from a single point', () => {
    expect(sparkPath([1, null, 3, 2], 30, 10)).toBe('M0.0 10.0M20.0 0.0L30.0 5.0');
    expect(sparkPath([5, 5], 30, 10)).toBe('M0.0 5.0L30.0 5.0');
    expect(sparkPath([null, 5], 30, 10)).toBe('');
  });
});

describe('the rows in sight', () => {
  it('are all rows while they are few, and else about those that fit', () => {
    expect(rowWindow(150, 34, 999, 300)).toEqual({ start: 0, end: 150 });
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(300_000), fc.nat(2000), (count, top, height) => {
        const { start, end } = rowWindow(count, 34, top, height);
        if (count > 150) expect(end - start).toBeLessThanOrEqual(Math.ceil(height / 34) + 18);
        const [first, last] = [Math.floor(top / 34), Math.floor((top + height - 1) / 34)];
        if (last < count && height > 0) expect(start <= first && end > last).toBe(true);
      }),
    );
  });

  it('are drawn once each, in order, with the one that has the focus, in the room of all', () => {
    const window = { start: 20, end: 22 };
    const drawn = (kept: number): readonly string[] =>
      drawnTableRows(window, 50, 10, kept).map((row) =>
        row.kind === 'row' ? `${row.index}` : `${row.key} ${row.height}`,
      );
    expect(drawn(-1)).toEqual(['above 200', '20', '21', 'below 280']);
    expect(drawn(21)).toEqual(drawn(-1));
    expect(drawn(5)).toEqual(['above 50', '5', 'between 140', '20', '21', 'below 280']);
    expect(drawn(19)).toEqual(['above 190', '19', '20', '21', 'below 280']);
    expect(drawn(49)).toEqual(['above 200', '20', '21', 'between 270', '49']);
    expect(drawn(50)).toEqual(drawn(-1));
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.nat(80_000),
        fc.nat(2000),
        fc.integer({ min: -1, max: 2100 }),
        (count, top, height, kept) => {
          const rows = drawnTableRows(rowWindow(count, 34, top, height), count, 34, kept);
          const room = rows.map((row) => (row.kind === 'row' ? 34 : row.height)).reduce((sum, one) => sum + one, 0);
          expect(room).toBe(count * 34);
          const indexes = rows.flatMap((row) => (row.kind === 'row' ? [row.index] : []));
          expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
          if (kept >= 0 && kept < count) expect(indexes).toContain(kept);
        },
      ),
    );
  });
});
