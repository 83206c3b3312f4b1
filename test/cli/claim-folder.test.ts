import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimFolder } from '../../src/cli/claim-folder.ts';
import { PulseError } from '../../src/errors.ts';
import { thisProcess } from '../../src/streams/log/embedded/process-identity.ts';
import { temporaryFolder } from '../support/pulse.ts';

describe('claiming a folder', () => {
  it('gives each living claimant one of its own, and a released one again', () => {
    const base = join(temporaryFolder(), 'view');
    const [first, second] = [claimFolder(base), claimFolder(base)];
    expect([first.path, second.path]).toEqual([join(base, '1'), join(base, '2')]);
    first.release();
    expect(claimFolder(base).path).toBe(join(base, '1'));
  });

  it('takes over what a dead process has, and what nobody can have claimed', () => {
    const base = temporaryFolder();
    writeFileSync(join(base, '1.owner'), JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1, start: '1' }));
    expect(claimFolder(base).path).toBe(join(base, '1'));
    writeFileSync(join(base, '2.owner'), '');
    expect(claimFolder(base).path).toBe(join(base, '2'));
  });

  it('says so where it can’t write', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => claimFolder(join(file, 'view'))).toThrow(PulseError);
    expect(() => claimFolder(join(file, 'view'))).toThrow(/view can't be written: check the disk and its permissions$/);
    const base = temporaryFolder();
    mkdirSync(join(base, '1.owner'));
    expect(() => claimFolder(base)).toThrow(PulseError);
    expect(existsSync(join(base, '1.owner'))).toBe(true);
  });
});
