import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ViewKey, ViewRange, ViewStore } from '../../src/state/view-store.ts';

/** What every view store promises; `open` gives an empty one. */
export function viewStoreContract(name: string, open: () => Promise<ViewStore>): void {
  describe(`${name} as a view store`, () => {
    let view: ViewStore;
    beforeEach(async () => {
      view = await open();
    });
    afterEach(() => view.close());

    const keysOf = (range?: ViewRange): readonly ViewKey[] => [...view.table('t').entries(range)].map(({ key }) => key);
    const put = (...keys: readonly ViewKey[]): Promise<void> =>
      view.commit(() => keys.forEach((key) => view.table('t').put(key, { key })));

    it('gives back what was put, bit for bit', async () => {
      const value = { text: 'é\u0000<b>', numbers: [0.1 + 0.2, -1.5, 5e-324, 2 ** 53], nothing: null, is: true };
      await view.commit(() => view.table('t').put(['a', 1], value));
      expect(view.table('t').get(['a', 1])).toEqual(value);
      expect(view.table('t').get(['a', 2])).toBeUndefined();
      expect(view.table('other').get(['a', 1])).toBeUndefined();
    });

    it('reads [from, to) in order, either way, up to a limit', async () => {
      await put(['b', 1], ['a', 10], ['a', 9], ['a', -1], ['ab', 0], ['a']);
      expect(keysOf()).toEqual([['a'], ['a', -1], ['a', 9], ['a', 10], ['ab', 0], ['b', 1]]);
      expect(keysOf({ from: ['a', -1], to: ['a', 10] })).toEqual([
        ['a', -1],
        ['a', 9],
      ]);
      expect(keysOf({ from: ['a'], to: ['a', ''], reverse: true, limit: 2 })).toEqual([
        ['a', 10],
        ['a', 9],
      ]);
      expect(keysOf({ from: ['a', 10], to: ['a', 10] })).toEqual([]);
    });

    it('keeps hostile ids apart, and any hours of theirs in order', async () => {
      const character = fc.integer({ min: 0, max: 0xd7ff }).map((code) => String.fromCharCode(code));
      const id = fc.oneof(
        fc.string({ unit: character, minLength: 1, maxLength: 20 }),
        fc.constantFrom(
          '..',
          '../x',
          'a|b',
          'a b',
          '%2e',
          '\u0000',
          'a\u0000',
          'a\u0001',
          '<script>',
          '__proto__',
          '-2',
        ),
      );
      const keys = fc.uniqueArray(fc.tuple(id, fc.integer({ min: -8.64e12, max: 8.64e12 })), {
        maxLength: 16,
        selector: (key) => JSON.stringify(key),
      });
      await fc.assert(
        fc.asyncProperty(keys, async (drawn) => {
          await view.wipe();
          await put(...drawn);
          for (const key of drawn) expect(view.table('t').get(key)).toEqual({ key });
          for (const [coin] of drawn) {
            const hours = drawn.filter(([other]) => other === coin).map(([, hour]) => hour);
            const sorted = hours.sort((a, b) => a - b).map((hour) => [coin, hour]);
            expect(keysOf({ from: [coin], to: [coin, ''] })).toEqual(sorted);
          }
          expect(keysOf()).toHaveLength(drawn.length);
        }),
        { numRuns: 20 },
      );
    });

    it('sees its own writes inside a commit', async () => {
      await view.commit(() => {
        view.table('t').put(['a'], 1);
        expect(view.table('t').get(['a'])).toBe(1);
        view.table('t').remove(['a']);
        expect(view.table('t').get(['a'])).toBeUndefined();
        view.advance('s', 3);
        expect(view.position('s')).toBe(3);
      });
    });

    it('leaves nothing of a commit that throws, neither rows nor positions', async () => {
      await view.commit(() => {
        view.table('t').put(['a'], 1);
        view.advance('s', 1);
      });
      const failing = view.commit(() => {
        view.table('t').put(['a'], 2);
        view.table('t').put(['b'], 2);
        view.advance('s', 2);
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect(view.table('t').get(['a'])).toBe(1);
      expect(view.table('t').get(['b'])).toBeUndefined();
      expect(view.position('s')).toBe(1);
    });

    it('forgets everything when it is wiped', async () => {
      await put(['a'], ['b']);
      await view.commit(() => view.advance('s', 7));
      await view.wipe();
      expect(keysOf()).toEqual([]);
      expect(view.position('s')).toBeUndefined();
    });
  });
}
