import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StateEnvironment } from '../../../src/state/environment.ts';
import { openLmdbState } from '../../../src/state/lmdb/lmdb-environment.ts';
import { textCodec } from '../../../src/state/text-codec.ts';
import type { Codec } from '../../../src/state/codec.ts';
import { type CoinSummary, coinSummaryCodec } from '../../../src/streams/3-silver/coin-summary.ts';
import { type StoredHour, storedHourCodec } from '../../../src/streams/3-silver/stored-hour.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { storedHour } from '../../support/hour-series.ts';
import { flipped } from '../../support/raw-lmdb.ts';

const path = mkdtempSync(join(tmpdir(), 'pulse-checked-'));
const raw = { encoding: 'binary', keyEncoding: 'binary' } as const;
let state: StateEnvironment;
/** The same environment, as bytes. */
let root: RootDatabase<Buffer, Buffer>;
beforeAll(async () => {
  const identity = { log: 'a log', namespace: '', changelog: undefined, version: 1 };
  state = await openLmdbState({ path, identity, onDiscard: () => undefined });
  root = open<Buffer, Buffer>({ path, noSubdir: false, maxDbs: 16, ...raw });
});
afterAll(async () => {
  await root.close();
  await state.close();
  rmSync(path, { recursive: true, force: true });
});

const price = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const hour = fc
  .record({ number: fc.integer({ min: -9_000, max: 90_000 }), price, volume: fc.option(price), final: fc.boolean() })
  .map(({ number, price: close, volume, final }) => storedHour(number, close, { volume, final }));
const coin = fc.record({ observedAt: fc.integer(), newest: fc.integer().map((number) => number * HOUR_MS) });
const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const at = fc.record({ partition: fc.integer({ min: 0, max: 99 }), key, time: fc.maxSafeInteger() });

type At = { readonly partition: number; readonly key: string; readonly time: number };
const CHECKED = {
  code: 'state-corrupt',
  message: expect.stringMatching(/^the state in .* is damaged: [^]* fails its checksum$/) as string,
};

function expectFound<Value>(name: string, codec: Codec<Value>, values: fc.Arbitrary<Value>): Promise<void> {
  const table = state.table(name, codec);
  const stored = root.openDB<Buffer, Buffer>({ name: `table:${name}`, ...raw });
  const damage = fc.record({ of: fc.nat(), bit: fc.nat() });
  return fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(at, values), { minLength: 1, maxLength: 5 }),
      damage,
      async (rows, { of, bit }) => {
        for (const { partition } of rows.map(([where]) => where)) await state.drop(partition);
        const found = new Map<string, readonly [At, Value]>();
        await state.transaction(() => {
          for (const [where, value] of rows) {
            found.set(JSON.stringify(where), [where, value]);
            table.put(where.partition, where.key, where.time, value);
          }
        });
        const [name, [where]] = [...found][of % found.size]!;
        const keys = [...stored.getRange()];
        const place = keys.find(({ key: bytes }) => isKeyOf(bytes, where))!;
        root.transactionSync(
          () => void stored.putSync(place.key, flipped(place.value, bit % (8 * place.value.length))),
        );
        expect(() => table.get(where.partition, where.key, where.time)).toThrow(expect.objectContaining(CHECKED));
        const visit = () => table.visit(where.partition, where.key, where.time, where.time + 1, () => undefined);
        expect(visit).toThrow(expect.objectContaining(CHECKED));
        found.delete(name);
        for (const [{ partition, key: id, time }, value] of found.values())
          expect(table.get(partition, id, time)).toEqual(value);
      },
    ),
    { numRuns: 300 },
  );
}

const isKeyOf = (bytes: Buffer, { partition, key: id, time }: At): boolean =>
  bytes.readUInt16BE(0) === partition &&
  bytes.toString('utf8', 4, bytes.length - 8) === id &&
  bytes.readBigUInt64BE(bytes.length - 8) === BigInt(time) + (1n << 63n);

describe('a bit that is turned over in a stored row', () => {
  it('is found in hours, and in no other row', () => expectFound<StoredHour>('hours', storedHourCodec, hour));
  it('is found in what is known of coins', () => expectFound<CoinSummary>('coins', coinSummaryCodec, coin));
  it('is found in published rows', () =>
    expectFound(
      'published features',
      textCodec,
      fc.oneof(
        fc.string(),
        hour.map((row) => JSON.stringify(row)),
      ),
    ));

  it('is found in how far a partition has applied the log', async () => {
    const meta = root.openDB<Buffer, Buffer>({ name: 'meta', ...raw });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat({ max: 99 }), fc.nat(), async (applied, partition, bit) => {
        await state.transaction(() => state.putMeta(partition, { applied }));
        const place = Buffer.from([0x70, 0, partition]);
        const value = meta.get(place)!;
        root.transactionSync(() => void meta.putSync(place, flipped(value, bit % (8 * value.length))));
        expect(() => state.meta(partition)).toThrow(expect.objectContaining(CHECKED));
      }),
      { numRuns: 300 },
    );
  });

  it('is found where a row lies under another row’s key, and where nothing of it is left', async () => {
    const table = state.table('hours', storedHourCodec);
    const stored = root.openDB<Buffer, Buffer>({ name: 'table:hours', ...raw });
    await state.drop(7);
    await state.transaction(() => table.put(7, 'a', 1, storedHour(1, 1)));
    const [row] = [...stored.getRange({ start: Buffer.from([0, 7]), end: Buffer.from([0, 8]) })];
    const moved = Buffer.from(row!.key);
    moved[4] = 'b'.charCodeAt(0);
    root.transactionSync(() => {
      stored.putSync(moved, row!.value);
      stored.putSync(row!.key, Buffer.alloc(3));
    });
    for (const id of ['a', 'b']) expect(() => table.get(7, id, 1)).toThrow(expect.objectContaining(CHECKED));
    await state.drop(7);
    expect([...table.keys(7)]).toEqual([]);
  });
});
