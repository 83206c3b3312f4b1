import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Codec } from '../../src/state/codec.ts';
import type { StateEnvironment } from '../../src/state/environment.ts';
import type { TableReader } from '../../src/state/table.ts';
import { arbitraryTransactions, ModelState, type PartitionContents, type Transaction } from './state-model.ts';

/** Packs any text, in a buffer that the next call overwrites, as a codec may. */
export const textCodec: Codec<string> = {
  encode(value) {
    return scratch.subarray(0, scratch.write(value, 'utf8'));
  },
  decode: (bytes) => bytes.toString('utf8'),
};

const scratch = Buffer.alloc(4096);

/** Ids as feeds have them, and as an attacker would. */
export const hostileKeys: readonly string[] = [
  ...['bitcoin', 'bitcoin-2', 'bit', '-2', 'a b', '100%', '%2e', 'a/b', '..', '.', 'a|b', 'a|2024', 'a\\b', "'", '"'],
  ...['\0', 'a\0', 'a\0b', '\u200b', 'ünï', '₿', '🚀', '\uffff', '__proto__', 'constructor', 'toString', 'partition'],
  'x'.repeat(255),
  'x'.repeat(256),
  '€'.repeat(85) + 'x',
];

/** Times at the ends of what a table takes, and in between. */
const times = [-(2 ** 53) + 1, -8.64e15, -(2 ** 32) - 1, -(2 ** 32), -1, 0, 1, 2 ** 32, 1.7e12, 8.64e15, 2 ** 53 - 1];

/** The values of a key at `[from, to)`, as the table visits them. */
export function visited<Value>(
  table: TableReader<Value>,
  partition: number,
  key: string,
  from: number = -Number.MAX_SAFE_INTEGER,
  to: number = Number.MAX_SAFE_INTEGER,
): readonly (readonly [number, Value])[] {
  const found: (readonly [number, Value])[] = [];
  table.visit(partition, key, from, to, (value, time) => found.push([time, value]));
  return found;
}

/** What every state keeps to, in memory or on disk. `open` gives an empty one. */
export function describeState(name: string, open: () => Promise<StateEnvironment>): void {
  describe(name, () => {
    let state: StateEnvironment;
    beforeEach(async () => {
      state = await open();
      for (const table of ['rows', 'others', ...ModelState.tables]) state.table(table, textCodec);
    });
    afterEach(() => state.close());
    const tableOf = (table = 'rows') => state.table(table, textCodec);
    const put = (partition: number, key: string, ...at: readonly number[]): Promise<void> =>
      state.transaction(() => at.forEach((time) => tableOf().put(partition, key, time, `${key}@${time}`)));

    describe('a table', () => {
      it('gives back what was put, and nothing where nothing was', async () => {
        await put(0, 'a', 5);
        expect(tableOf().get(0, 'a', 5)).toBe('a@5');
        expect([tableOf().get(0, 'a', 6), tableOf().get(0, 'b', 5), tableOf().get(1, 'a', 5)]).toEqual(
          Array(3).fill(undefined),
        );
      });

      it('keeps the last value put, of whatever length, the empty one too', async () => {
        for (const value of ['first', 'a much longer second value', '', 'x'])
          await state
            .transaction(() => tableOf().put(0, 'a', 5, value))
            .then(() => expect(tableOf().get(0, 'a', 5)).toBe(value));
      });

      it('forgets what is removed, alone; removing what is not there is nothing', async () => {
        await put(0, 'a', 1, 2, 3);
        await state.transaction(() => {
          tableOf().remove(0, 'a', 2);
          tableOf().remove(0, 'nobody', 2);
        });
        expect(visited(tableOf(), 0, 'a')).toEqual([
          [1, 'a@1'],
          [3, 'a@3'],
        ]);
      });

      it('is the same one by the same name, and another by another', async () => {
        await put(0, 'a', 1);
        expect(tableOf('rows').get(0, 'a', 1)).toBe('a@1');
        expect(tableOf('others').get(0, 'a', 1)).toBeUndefined();
      });

      it('visits a key in ascending order of times, from the first bound up to but without the second', async () => {
        await put(0, 'a', 30, 10, 40, 20);
        expect(visited(tableOf(), 0, 'a', 10, 40).map(([time]) => time)).toEqual([10, 20, 30]);
        expect(visited(tableOf(), 0, 'a', 11, 41).map(([time]) => time)).toEqual([20, 30, 40]);
        expect(visited(tableOf(), 0, 'a', 20, 20)).toEqual([]);
        expect(visited(tableOf(), 0, 'a', 40, 10)).toEqual([]);
      });

      it('orders times from the smallest safe integer to the largest, negative ones too', async () => {
        await put(0, 'a', ...[...times].reverse());
        expect(visited(tableOf(), 0, 'a').map(([time]) => time)).toEqual(times.slice(0, -1));
        for (const time of times) expect(tableOf().get(0, 'a', time), String(time)).toBe(`a@${time}`);
        expect(visited(tableOf(), 0, 'a', -8.64e15, 8.64e15).map(([time]) => time)).toEqual(times.slice(1, -2));
      });

      it('keeps hostile keys apart, and each as it is', async () => {
        for (const key of hostileKeys) await put(3, key, 1, 2);
        for (const key of hostileKeys)
          expect(visited(tableOf(), 3, key).map(([, v]) => v)).toEqual([`${key}@1`, `${key}@2`]);
        expect([...tableOf().keys(3)].sort()).toEqual([...hostileKeys].sort());
      });

      it('lists each key of a partition once, and none that has no rows any more', async () => {
        await put(0, 'a', 1, 2, 3);
        await put(0, 'b', 1);
        await put(1, 'c', 1);
        await state.transaction(() => tableOf().remove(0, 'b', 1));
        expect([...tableOf().keys(0)]).toEqual(['a']);
        expect([...tableOf().keys(2)]).toEqual([]);
      });

      it('lists keys while rows are written between two steps', async () => {
        for (const key of ['a', 'b', 'c']) await put(0, key, 1);
        const seen: string[] = [];
        for (const key of tableOf().keys(0)) {
          seen.push(key);
          await put(0, key, 2, -7);
        }
        expect(seen.sort()).toEqual(['a', 'b', 'c']);
      });
    });

    describe('a partition', () => {
      it('is dropped from every table with its meta, whether or not a table has been used, and no other is', async () => {
        for (const table of ['rows', 'others'])
          await state.transaction(() => {
            for (const partition of [0, 1, 2, 256]) tableOf(table).put(partition, 'a', 1, table);
          });
        await state.transaction(() => [0, 1, 2, 256].forEach((partition) => state.putMeta(partition, { applied: 7 })));
        await state.drop(1);
        for (const table of ['rows', 'others'])
          expect([0, 1, 2, 256].map((partition) => tableOf(table).get(partition, 'a', 1))).toEqual([
            table,
            undefined,
            table,
            table,
          ]);
        expect([0, 1, 2, 256].map((partition) => state.meta(partition)?.applied)).toEqual([7, undefined, 7, 7]);
      });

      it('can be dropped where there is nothing', async () => {
        await state.drop(5);
        expect(state.meta(5)).toBeUndefined();
      });
    });

    describe('a transaction', () => {
      it('sees its own writes, and nobody else does before it resolves', async () => {
        await put(0, 'a', 1);
        await state.transaction(() => {
          tableOf().put(0, 'a', 2, 'new');
          tableOf().remove(0, 'a', 1);
          state.putMeta(0, { applied: 3 });
          expect(visited(tableOf(), 0, 'a')).toEqual([[2, 'new']]);
          expect(state.meta(0)).toEqual({ applied: 3 });
        });
        expect(visited(tableOf(), 0, 'a')).toEqual([[2, 'new']]);
      });

      it('leaves nothing behind when it throws in the middle, and rejects with just that error', async () => {
        await put(0, 'a', 1, 2);
        await state.transaction(() => state.putMeta(0, { applied: 1 }));
        const error = new Error('in the middle');
        const torn = state.transaction(() => {
          tableOf().put(0, 'a', 1, 'overwritten');
          tableOf().remove(0, 'a', 2);
          tableOf().put(0, 'new', 1, 'new');
          state.putMeta(0, { applied: 2 });
          state.putMeta(1, { applied: 2 });
          throw error;
        });
        await expect(torn).rejects.toBe(error);
        expect(visited(tableOf(), 0, 'a')).toEqual([
          [1, 'a@1'],
          [2, 'a@2'],
        ]);
        expect([...tableOf().keys(0)]).toEqual(['a']);
        expect([state.meta(0), state.meta(1)]).toEqual([{ applied: 1 }, undefined]);
      });

      it('that throws undoes none of those around it', async () => {
        const outcomes = await Promise.allSettled([
          put(0, 'a', 1),
          state.transaction(() => {
            tableOf().put(0, 'a', 1, 'torn');
            throw new Error('torn');
          }),
          put(0, 'b', 1),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect([tableOf().get(0, 'a', 1), tableOf().get(0, 'b', 1)]).toEqual(['a@1', 'b@1']);
      });
    });

    it('holds what the plainest of models holds, whatever is done to it', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryTransactions, async (transactions) => {
          const model = new ModelState();
          for (const partition of ModelState.partitions) await state.drop(partition);
          for (const transaction of transactions) {
            await play(state, transaction);
            model.play(transaction);
          }
          expect(contentsOf(state)).toEqual(model.contents());
        }),
        { numRuns: 60 },
      );
    });
  });
}

async function play(state: StateEnvironment, transaction: Transaction): Promise<void> {
  if (transaction.kind === 'drop') return state.drop(transaction.partition);
  const torn = new Error('torn');
  const written = state.transaction(() => {
    for (const write of transaction.writes)
      switch (write.kind) {
        case 'put':
          state.table(write.table, textCodec).put(write.partition, write.key, write.time, write.value);
          break;
        case 'remove':
          state.table(write.table, textCodec).remove(write.partition, write.key, write.time);
          break;
        case 'meta':
          state.putMeta(write.partition, { applied: write.applied });
      }
    if (transaction.throws) throw torn;
  });
  await written.catch((error: unknown) => expect(error).toBe(torn));
}

function contentsOf(state: StateEnvironment): readonly PartitionContents[] {
  return ModelState.partitions.map((partition) => ({
    applied: state.meta(partition)?.applied,
    tables: ModelState.tables.map((name) => {
      const table = state.table(name, textCodec);
      const keys = [...table.keys(partition)].sort();
      return keys.map((key) => ({ key, rows: visited(table, partition, key) }));
    }),
  }));
}
