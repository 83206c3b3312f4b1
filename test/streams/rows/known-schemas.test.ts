import { beforeEach, describe, expect, it } from 'vitest';
import { KnownSchemas } from '../../../src/streams/rows/known-schemas.ts';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';

const schema = (name: string): string => JSON.stringify({ type: 'record', name, fields: [] });

let registry: MemoryRegistry;
let known: KnownSchemas;
let now: number;
beforeEach(() => {
  registry = new MemoryRegistry();
  now = 0;
  known = new KnownSchemas(registry, () => now);
  for (const name of ['a', 'b', 'c']) registry.add(schema(name));
});

describe('schemas', () => {
  it('are asked for once, however many need them at the same time, one after the other', async () => {
    let atOnce = 0;
    let most = 0;
    const counting = new KnownSchemas(
      {
        register: () => Promise.reject(new Error('nobody registers')),
        standing: () => Promise.reject(new Error('nobody asks')),
        find: async (id) => {
          most = Math.max(most, ++atOnce);
          await new Promise(setImmediate);
          atOnce--;
          return registry.find(id);
        },
      },
      () => now,
    );
    await Promise.all([[1, 2], [2, 3], [3, 1], [2]].map((ids) => counting.learn(ids)));
    await counting.learn([1, 2, 3]);
    expect([...registry.asked].sort()).toEqual(['find 1', 'find 2', 'find 3']);
    expect(most).toBe(1);
    expect(counting.get(2).name).toBe('b');
  });

  it('that were added are not asked for', async () => {
    known.add(7, schema('own'));
    await known.learn([7]);
    expect(registry.asked).toEqual([]);
    expect(known.get(7).name).toBe('own');
  });

  it('that the registry does not know are asked for again, but not for every batch', async () => {
    await known.learn([4]);
    await known.learn([4]);
    expect(registry.asked).toEqual(['find 4']);
    expect(() => known.get(4)).toThrow('the registry knows no Avro schema 4');
    registry.add(schema('d'));
    now = 4_999;
    await known.learn([4]);
    expect(registry.asked).toEqual(['find 4']);
    now = 5_000;
    await known.learn([4]);
    expect(registry.asked).toEqual(['find 4', 'find 4']);
    expect(known.get(4).name).toBe('d');
  });

  it('are told not to be had to all who wait, after one question; those that are known are still known', async () => {
    await known.learn([1]);
    registry.outage = 'nobody there';
    const waiting = await Promise.allSettled([[2], [3], [2, 3]].map((ids) => known.learn(ids)));
    for (const { status } of waiting) expect(status).toBe('rejected');
    expect(waiting[0]).toMatchObject({ reason: { code: 'registry-unavailable' } });
    expect(registry.asked).toEqual(['find 1', 'find 2']);
    await known.learn([1]);
    expect(known.get(1).name).toBe('a');
    registry.outage = undefined;
    await known.learn([2, 3]);
    expect(known.get(3).name).toBe('c');
  });
});
