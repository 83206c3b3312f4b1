import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { at, errorCode, purged, readTexts } from '../../support/log-contract-tools.ts';
import { Tmpfs } from './tmpfs.ts';

const value = 'v'.repeat(20_000);
const commitOf = (number: number): readonly OutputRecord[] =>
  Array.from({ length: 10 }, (_, i) => ({ topic: 'out', partition: i % 2, key: `${number}`, value }));

/** Appends commit after commit until one is rejected; how many were not, and the rejection. */
async function fill(log: LocalLog, first = 0): Promise<{ readonly appended: number; readonly error: unknown }> {
  for (let number = first; ; number++) {
    try {
      await log.append(commitOf(number));
    } catch (error) {
      return { appended: number, error };
    }
  }
}

describe('a full disk', () => {
  let disk: Tmpfs;
  let path = '';
  const printed = vi.spyOn(console, 'error');
  beforeEach(() => {
    disk = new Tmpfs('8m');
    path = join(disk.path, 'log');
    printed.mockClear();
  });
  afterEach(() => disk.remove());

  const openFilled = async (): Promise<{ readonly log: LocalLog; readonly appended: number }> => {
    const log = await openEmbeddedLog({ path, mode: 'write' });
    await log.topics.ensure([{ name: 'out', partitions: 2, cleanup: purged }]);
    const { appended, error } = await fill(log);
    expect(error).toEqual(errorCode('disk-full'));
    expect(String(error)).toMatch(/^PulseError: [^\n]*is full[^\n]*$/);
    expect(appended).toBeGreaterThan(10);
    expect(printed).not.toHaveBeenCalled();
    return { log, appended };
  };

  it('rejects the commit that has no room, appends nothing of it, and leaves the rest readable', async () => {
    const { log, appended } = await openFilled();
    for (const partition of [0, 1]) {
      expect(await log.bounds(at('out', partition))).toEqual({ start: 0, end: appended * 5 });
      const expected = Array.from({ length: appended * 5 }, (_, i) => `${Math.floor(i / 5)}=${value}`);
      expect(await readTexts(log, at('out', partition))).toEqual(expected);
    }
    await log.close();
  });

  it('goes on when there is space again', async () => {
    const { log, appended } = await openFilled();
    disk.remount('size=16m');
    for (let i = 0; i < 5; i++) await log.append(commitOf(appended + i));
    expect(await log.bounds(at('out'))).toEqual({ start: 0, end: (appended + 5) * 5 });
    const writer = await log.writer('task');
    await writer.commit(commitOf(appended + 5));
    await log.close();
  });

  it('goes on in the space that a purge frees', async () => {
    const { log, appended } = await openFilled();
    for (const partition of [0, 1]) await log.purge(at('out', partition), Math.floor(appended / 2) * 5);
    // LMDB reuses a freed page only when no earlier snapshot can need it: two commits later.
    for (let i = 0; i < 10; i++) await log.append(commitOf(appended + i));
    expect(await log.bounds(at('out'))).toMatchObject({ end: (appended + 10) * 5 });
    await log.close();
  });

  it('goes on after a restart, with nothing lost', async () => {
    const { log, appended } = await openFilled();
    await log.close();
    disk.remount('size=16m');
    const again = await openEmbeddedLog({ path, mode: 'write' });
    expect(await again.bounds(at('out'))).toEqual({ start: 0, end: appended * 5 });
    await again.append(commitOf(appended));
    await again.close();
  });

  it('can still be read, and be opened for writing or refused in one line', async () => {
    const { log, appended } = await openFilled();
    await log.close();
    const reader = await openEmbeddedLog({ path, mode: 'read' });
    expect(await reader.bounds(at('out'))).toEqual({ start: 0, end: appended * 5 });
    await reader.close();
    const opening = openEmbeddedLog({ path, mode: 'write' }).then((opened) => opened.close());
    await opening.catch((error: unknown) => expect(error).toEqual(errorCode('disk-full')));
    disk.remount('size=16m');
    const again = await openEmbeddedLog({ path, mode: 'write' });
    await again.append(commitOf(appended));
    await again.close();
    expect(printed).not.toHaveBeenCalled();
  });

  it('refuses to create a log where there is no room for one', async () => {
    disk.remount('size=64k');
    await expect(openEmbeddedLog({ path, mode: 'write' })).rejects.toEqual(errorCode('disk-full'));
  });
});

describe('a disk that can not be written', () => {
  let disk: Tmpfs;
  beforeEach(() => {
    disk = new Tmpfs('8m');
  });
  afterEach(() => disk.remove());

  it('refuses a writer in one line and serves readers', async () => {
    const path = join(disk.path, 'log');
    const log = await openEmbeddedLog({ path, mode: 'write' });
    await log.topics.ensure([{ name: 'out', partitions: 2, cleanup: purged }]);
    await log.append(commitOf(0));
    await log.close();
    disk.remount('ro');
    await expect(openEmbeddedLog({ path, mode: 'write' })).rejects.toEqual(errorCode('disk-unwritable'));
    const reader = await openEmbeddedLog({ path, mode: 'read' });
    expect((await readTexts(reader, at('out'))).length).toBe(5);
    await reader.close();
    disk.remount('rw');
    const again = await openEmbeddedLog({ path, mode: 'write' });
    await again.append(commitOf(1));
    await again.close();
    await rm(path, { recursive: true });
  });

  it('refuses a log in a folder that can not be made', async () => {
    disk.remount('ro');
    const opening = openEmbeddedLog({ path: join(disk.path, 'log'), mode: 'write' });
    await expect(opening).rejects.toEqual(errorCode('disk-unwritable'));
  });
});
