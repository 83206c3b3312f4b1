import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLmdbView } from '../../../src/state/lmdb/lmdb-view.ts';
import type { ViewIdentity, ViewStore } from '../../../src/state/view-store.ts';
import { viewStoreContract } from '../view-store-contract.ts';

const root = mkdtempSync(join(tmpdir(), 'pulse-view-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const newPath = (): string => join(root, String(folders++));
const identity: ViewIdentity = { log: 'log-1', namespace: '', format: 1 };

const open = (path: string, told: string[] = [], of: ViewIdentity = identity): Promise<ViewStore> =>
  openLmdbView({ path, identity: of, onDiscard: (why) => told.push(why) });

viewStoreContract('LMDB', () => open(newPath()));

describe('a view in LMDB', () => {
  const filled = async (path: string): Promise<void> => {
    const view = await open(path);
    await view.commit(() => {
      view.table('t').put(['a'], 1);
      view.advance('s', 5);
    });
    await view.close();
  };

  it('goes on where it was', async () => {
    const path = newPath();
    await filled(path);
    const told: string[] = [];
    const view = await open(path, told);
    expect(view.table('t').get(['a'])).toBe(1);
    expect(view.position('s')).toBe(5);
    expect(told).toEqual([]);
    await view.close();
  });

  it.each([
    ['log', { ...identity, log: 'log-2' }],
    ['namespace', { ...identity, namespace: 'demo' }],
    ['format', { ...identity, format: 2 }],
    ['choice of columns', { ...identity, columns: 'more' }],
  ])('is emptied, and says so, when its %s is another', async (_, other) => {
    const path = newPath();
    await filled(path);
    const told: string[] = [];
    const view = await open(path, told, other);
    expect(view.table('t').get(['a'])).toBeUndefined();
    expect(view.position('s')).toBeUndefined();
    expect(told).toHaveLength(1);
    await view.close();
    const again = await open(path, told, other);
    expect(told).toHaveLength(1);
    await again.close();
  });

  it.each([
    ['garbage', (file: string) => writeFileSync(file, Buffer.alloc(65_536, 0x5a))],
    ['a header alone', (file: string) => truncateSync(file, 8192)],
    ['half a header', (file: string) => truncateSync(file, 100)],
  ])('is begun anew, and says so, when its file is %s', async (_, damage) => {
    const path = newPath();
    await filled(path);
    damage(join(path, 'data.mdb'));
    const told: string[] = [];
    const view = await open(path, told);
    expect(view.position('s')).toBeUndefined();
    expect(told.join()).toMatch(/damaged.*rebuilt/);
    await view.close();
  });
});
