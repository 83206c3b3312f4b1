import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pending } from '../../../src/web/client/feed/pending.ts';
import { withSpark } from '../../../src/web/client/market/spark.ts';
import type { Batch, HistoryRow, MarketRow, Snapshot, Status } from '../../../src/web/contract.ts';

const status: Status = {
  ...{ namespace: '', source: null, stages: [], deadLetters: 0 },
  view: { state: 'live', behind: 0, isArriving: false, message: null },
};
const row = (coin: string, price: number, spark?: readonly number[]): MarketRow => ({
  ...{ coin, ts: 0, price, marketCap: null, volume: null, final: false, quotedAt: null, values: [] },
  ...(spark && { spark }),
});
const hour = (ts: number, price: number): HistoryRow => ({
  ...{ ts, price, open: null, high: null, low: null, volume: null, observations: 1, final: false, values: [] },
});
const batch = (change: Partial<Batch>): Batch => ({ since: 0, seq: 1, now: 0, ...change });
const snapshot = (coins: readonly MarketRow[]): Snapshot => ({
  ...{ epoch: 'e', seq: 0, now: 0, columns: [], coins, names: [], status },
});
const none = (): undefined => undefined;

describe('what waits to be shown', () => {
  it('is the latest of everything, whatever the number of frames', () => {
    const pending = new Pending();
    pending.takeBatch(
      batch({ coins: [row('a', 1, [1]), row('b', 1)], names: [{ coin: 'a', name: 'A', symbol: null }] }),
      none,
    );
    pending.takeBatch(batch({ coins: [row('a', 2)], removed: ['b'] }), none);
    pending.takeBatch(batch({ coins: [row('c', 3)], removed: ['a'] }), none);
    pending.takeBatch(batch({ coins: [row('a', 4)] }), none);
    expect([...pending.rows.values()].map(({ coin, price }) => [coin, price]).sort()).toEqual([
      ['a', 4],
      ['c', 3],
    ]);
    expect([...pending.removed]).toEqual(['b']);
    // A coin that went and came is another one: what was drawn of it is not continued.
    expect(pending.rows.get('a')?.spark).toBeUndefined();
    expect(pending.names.get('a')?.name).toBe('A');
    expect(pending.frames).toBe(4);
  });

  it('keeps the 24 hours that a later row leaves out, from what waits or from what is shown', () => {
    const pending = new Pending();
    pending.takeBatch(batch({ coins: [row('a', 2, [1, 2])] }), none);
    pending.takeBatch(batch({ coins: [row('a', 3), row('b', 9)] }), (coin) =>
      coin === 'b' ? row('b', 8, [7, 8]) : undefined,
    );
    expect(pending.rows.get('a')?.spark).toEqual([1, 3]);
    expect(pending.rows.get('b')?.spark).toEqual([7, 9]);
  });

  it('is replaced by a snapshot', () => {
    const pending = new Pending();
    pending.takeBatch(batch({ coins: [row('gone', 1)], history: { coin: 'a', rows: [hour(0, 1)] } }), none);
    pending.takeSnapshot(snapshot([row('a', 1)]));
    expect([...pending.rows.keys()]).toEqual(['a']);
    expect(pending.histories).toEqual([]);
    expect(pending.snapshot).toBeDefined();
    pending.clear();
    expect([pending.rows.size, pending.frames, pending.snapshot]).toEqual([0, 0, undefined]);
  });

  it('has one change of a coin’s history, in which removed hours may come back', () => {
    const pending = new Pending();
    const take = (history: Batch['history']): void => pending.takeBatch(batch({ ...(history && { history }) }), none);
    take({ coin: 'a', rows: [hour(2, 1)] });
    take({ coin: 'a', rows: [hour(1, 5), hour(2, 7)], removed: [3] });
    take({ coin: 'a', rows: [hour(3, 8)], removed: [1] });
    expect(pending.histories).toHaveLength(1);
    expect(pending.histories[0]).toMatchObject({ coin: 'a', removed: [1] });
    expect(pending.histories[0]?.rows.map(({ ts, price }) => [ts, price])).toEqual([
      [2, 7],
      [3, 8],
    ]);
    take({ coin: 'a', rows: [hour(9, 9)], reset: true });
    expect(pending.histories).toEqual([{ coin: 'a', rows: [hour(9, 9)], reset: true }]);
    take({ coin: 'a', rows: [hour(10, 9)] });
    expect(pending.histories[0]?.reset).toBe(true);
    pending.forgetHistory('a');
    expect(pending.histories).toEqual([]);
  });

  it('has the closes of compared coins, the last of each hour, until they are answered anew', () => {
    const pending = new Pending();
    const take = (coin: string, ...hours: readonly (readonly [number, number | null])[]): void =>
      pending.takeBatch(batch({ closes: [{ coin, hours }] }), none);
    take('a', [1, 1], [2, 2]);
    take('b', [1, 5]);
    take('a', [2, null], [3, 3]);
    expect(pending.closes).toEqual([
      { coin: 'b', hours: [[1, 5]] },
      {
        coin: 'a',
        hours: [
          [1, 1],
          [2, null],
          [3, 3],
        ],
      },
    ]);
    pending.forgetCloses(['a']);
    expect(pending.closes.map(({ coin }) => coin)).toEqual(['b']);
  });

  it('leads to the same rows as frame by frame, however many are taken together', () => {
    const frame = fc.record({
      coins: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(9), fc.boolean())),
      removed: fc.uniqueArray(fc.constantFrom('d', 'e')),
    });
    const cuts = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), cuts, (frames, shows) => {
        const byFrame = new Map<string, MarketRow>();
        const shown = new Map<string, MarketRow>();
        const pending = new Pending();
        const show = (): void => {
          for (const [coin, taken] of pending.rows) shown.set(coin, taken);
          for (const coin of pending.removed) shown.delete(coin);
          pending.clear();
        };
        frames.forEach(({ coins, removed }, i) => {
          const rows = [
            ...new Map(
              coins.map(([coin, price, spark]) => [coin, row(coin, price, spark ? [price] : undefined)]),
            ).values(),
          ];
          for (const next of rows) byFrame.set(next.coin, withSpark(next, byFrame.get(next.coin)));
          pending.takeBatch(batch({ coins: rows, removed }), (coin) => shown.get(coin));
          if (shows[i] === true) show();
        });
        show();
        expect(shown).toEqual(byFrame);
      }),
    );
  });
});
