import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PulseError } from '../../../../src/errors.ts';
import type { Disk } from '../../../../src/streams/5-lake/disk/disk.ts';
import { LakeDisk } from '../../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../../src/streams/5-lake/disk/node-disk.ts';
import { temporaryFolder } from '../../../support/pulse.ts';

const full = new PulseError('disk-full', 'full');

/** A disk that takes half of every file, and no more of it can be removed where it `keeps` all. */
const fullDisk = (keeps = false): Disk => ({
  ...nodeDisk,
  write: async (path, bytes) => {
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    throw full;
  },
  remove: (path) => (keeps ? Promise.reject(new Error('it stays')) : nodeDisk.remove(path)),
});

const writes: Readonly<Record<string, (disk: LakeDisk, path: string) => Promise<unknown>>> = {
  'a new file': (disk, path) => disk.create(path, Buffer.from('rows')),
  'a version': (disk, path) => disk.createExclusively(path, Buffer.from('rows')),
  'a file in place of another': (disk, path) => disk.replace(path, Buffer.from('rows')),
};

describe('a disk that is full', () => {
  for (const [what, write] of Object.entries(writes)) {
    it(`keeps nothing of ${what} that did not fit`, async () => {
      const folder = temporaryFolder();
      const disk = new LakeDisk(fullDisk(), folder, () => 'id');
      await expect(write(disk, join(folder, 'file'))).rejects.toBe(full);
      expect(readdirSync(folder)).toEqual([]);
    });

    it(`is told of for ${what}, where what is there of it can't be removed`, async () => {
      const folder = temporaryFolder();
      await expect(write(new LakeDisk(fullDisk(true), folder, () => 'id'), join(folder, 'file'))).rejects.toBe(full);
    });
  }
});

describe('a disk that has no room for another name', () => {
  const noNames: Disk = { ...nodeDisk, link: () => Promise.reject(full), rename: () => Promise.reject(full) };

  for (const what of ['a version', 'a file in place of another'])
    it(`keeps nothing of ${what}, not what was written aside either`, async () => {
      const folder = temporaryFolder();
      const disk = new LakeDisk(noNames, folder, () => 'id');
      await expect(writes[what]?.(disk, join(folder, 'file'))).rejects.toBe(full);
      expect(readdirSync(folder)).toEqual([]);
    });
});

describe('the file system', () => {
  it('gives a part of a file, as far as there is one', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '0123456789');
    const part = async (start: number, end: number): Promise<string> =>
      Buffer.from((await nodeDisk.readPart(path, start, end)) ?? []).toString();
    expect(await part(0, 10)).toBe('0123456789');
    expect(await part(3, 5)).toBe('34');
    expect(await part(8, 12)).toBe('89');
    expect(await part(4, 4)).toBe('');
    expect(await nodeDisk.readPart(`${path}.gone`, 0, 1)).toBeUndefined();
  });
});
