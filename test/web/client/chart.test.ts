import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnRows } from '../../../src/web/client/chart/drawn-rows.ts';
import { placeRows, slotsOf } from '../../../src/web/client/chart/slots.ts';
import { missingReason } from '../../../src/web/client/explain/figures.ts';
import { hoursHeld } from '../../../src/web/client/market/hours-held.ts';
import { gridStep } from '../../../src/web/client/market-page/grid-step.ts';
import { formatPlace, parsePlace } from '../../../src/web/client/market/place.ts';
import type { HistoryRow } from '../../../src/web/contract.ts';

const HOUR_MS = 3_600_000;
const row = (hour: number): HistoryRow => ({
  ...{ ts: hour * HOUR_MS, price: hour, open: null, high: null, low: null, volume: null, observations: 1, final: true },
  values: [],
});
const rows = (...hours: readonly number[]): readonly HistoryRow[] => hours.map(row);
const hoursIn = (slots: readonly { readonly ts: number; readonly row: unknown }[]): readonly string[] =>
  slots.map((slot) => `${slot.ts / HOUR_MS}${slot.row === undefined ? '?' : ''}`);

describe('the hours of a chart', () => {
  it('are those that the market has reached: a date from the future does not take the others away', () => {
    const hours = rows(3, 4, 7, 9, 600_000);
    const drawn = (market: number | undefined): readonly number[] =>
      drawnRows(hours, market === undefined ? undefined : market * HOUR_MS).map(({ ts }) => ts / HOUR_MS);
    expect(drawn(7)).toEqual([3, 4, 7, 9]);
    expect(drawn(6)).toEqual([3, 4, 7]);
    expect(drawn(undefined)).toEqual([3, 4, 7, 9, 600_000]);
    expect(drawnRows(rows(600_000), 7 * HOUR_MS)).toHaveLength(1);
  });

  it('leave room for a gap', () => {
    expect(hoursIn(slotsOf(rows(3, 4, 7), 100))).toEqual(['3', '4', '5?', '6?', '7']);
    expect(slotsOf([], 100)).toEqual([]);
  });

  it('are the newest where there are too many, however long a gap is', () => {
    expect(hoursIn(slotsOf(rows(3, 4, 7), 4))).toEqual(['4', '5?', '6?', '7']);
    expect(slotsOf(rows(1, 10_000_000), 1440)).toHaveLength(1440);
    const drawn = { first: 3 * HOUR_MS, last: 6 * HOUR_MS, limit: 6 };
    expect(placeRows(rows(8), drawn).kind).toBe('placed');
    expect(placeRows(rows(9), drawn).kind).toBe('anew');
    expect(placeRows(rows(10_000_000), drawn).kind).toBe('anew');
  });

  it('take changes within and behind, and ask for a redraw before the first', () => {
    const placed = placeRows(rows(4, 7, 9), { first: 3 * HOUR_MS, last: 6 * HOUR_MS, limit: 100 });
    expect(placed.kind === 'placed' && [hoursIn(placed.within), hoursIn(placed.behind)]).toEqual([
      ['4'],
      ['7', '8?', '9'],
    ]);
    expect(placeRows(rows(2), { first: 3 * HOUR_MS, last: 6 * HOUR_MS, limit: 100 }).kind).toBe('anew');
    expect(placeRows(rows(2), { first: Infinity, last: -Infinity, limit: 100 }).kind).toBe('anew');
    const full = placeRows(rows(2, 4), { first: 3 * HOUR_MS, last: 6 * HOUR_MS, limit: 4 });
    expect(full.kind === 'placed' && [hoursIn(full.within), full.behind]).toEqual([['4'], []]);
  });

  it('are the same whether drawn at once or in parts', () => {
    const hours = fc.uniqueArray(fc.nat(60), { minLength: 1 }).map((drawn) => drawn.sort((a, b) => a - b));
    fc.assert(
      fc.property(hours, fc.nat(60), (drawn, cut) => {
        const [before, after] = [drawn.slice(0, cut), drawn.slice(cut)];
        if (before.length === 0 || after.length === 0) return;
        const slots = slotsOf(rows(...before), 100);
        const placed = placeRows(rows(...after), { first: slots[0]!.ts, last: slots.at(-1)!.ts, limit: 100 });
        expect(placed.kind === 'placed' && [...slots, ...placed.behind]).toEqual(slotsOf(rows(...drawn), 100));
      }),
    );
  });

  it('are counted in a window that ends with its hour', () => {
    expect(hoursHeld(rows(1, 2, 4, 5), 5 * HOUR_MS, 4)).toBe(3);
    expect(hoursHeld(rows(1, 2, 4, 5), 4 * HOUR_MS, 72)).toBe(3);
    expect(hoursHeld([], 0, 72)).toBe(0);
  });

  it('say what is missing, and what comes next', () => {
    expect(missingReason({ name: 'ma_72', hours: 72 }, 31)).toBe('ma_72 needs 72 hours; 31 so far.');
    expect(missingReason({ name: 'zscore_1h', hours: 25 }, 25)).toMatch(/no value at this hour/);
  });
});

describe('the place that the address bar holds', () => {
  it('survives a trip through it', () => {
    const place = fc.record({
      coin: fc.option(fc.string({ minLength: 1 })),
      order: fc.record({ by: fc.stringMatching(/^[a-z_0-9]+$/), descending: fc.boolean() }),
      filter: fc.string(),
      isWatched: fc.boolean(),
      compared: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 4 }),
      range: fc.constantFrom('24h', '3d', '7d', 'all'),
      style: fc.constantFrom('candles', 'line'),
      scale: fc.constantFrom('linear', 'log', 'percent'),
      panes: fc.option(fc.array(fc.stringMatching(/^[a-z_0-9]+$/))),
    });
    fc.assert(
      fc.property(place, (drawn) => {
        const compared = drawn.compared.filter((other) => other !== drawn.coin);
        expect(parsePlace(formatPlace({ ...drawn, compared }))).toEqual({ ...drawn, compared });
      }),
    );
  });

  it('is as usual for anything that it doesn’t understand', () => {
    expect(parsePlace('?coin=&range=1y&style=%00&scale[]=x&sort=')).toEqual(parsePlace(''));
    expect(formatPlace(parsePlace(''))).toBe('');
    expect(parsePlace('?coin=a&with=a&with=b&with=b&with=&with=c&with=d&with=e&with=f').compared).toEqual([
      ...['b', 'c', 'd', 'e'],
    ]);
  });
});

describe('the table’s columns', () => {
  it('are walked with the arrow keys, up to the edges', () => {
    const step = (key: string, row: number, column: number) =>
      gridStep({ key, ctrlKey: false }, { row, column }, { rows: 30, columns: 7 });
    expect(step('ArrowDown', 29, 3)).toEqual({ row: 29, column: 3 });
    expect(step('ArrowRight', 2, 3)).toEqual({ row: 2, column: 4 });
    expect(step('End', 2, 3)).toEqual({ row: 2, column: 6 });
    expect(step('PageUp', 4, 0)).toEqual({ row: 0, column: 0 });
    expect(step('x', 4, 0)).toBeUndefined();
  });
});
