import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import { commitFailure } from '../../../src/state/lmdb/commit-failure.ts';
import { explainLmdbError } from '../../../src/state/lmdb/lmdb-errors.ts';

const subject = { what: 'the state', path: tmpdir() };
const failed = (code: number | string): Error => Object.assign(new Error('it failed'), { code });

describe('an error of LMDB', () => {
  it.each<[string, number | string, string]>([
    ['a full disk', 28, 'disk-full'],
    ['a full disk, as Node says it', 'ENOSPC', 'disk-full'],
    ['a used up quota', 122, 'disk-full'],
    ['a full map', -30792, 'disk-full'],
    ['a permission that lacks', 13, 'disk-unwritable'],
    ['a permission that lacks, as Node says it', 'EACCES', 'disk-unwritable'],
    ['a read-only file system', 30, 'disk-unwritable'],
    ['a disk that fails', 5, 'disk-unwritable'],
    ['a file that is none of LMDB', -30793, 'state-corrupt'],
    ['a page that is corrupt', -30796, 'state-corrupt'],
    ['a page that is not there', -30797, 'state-corrupt'],
    ['a file of another version', -30794, 'state-corrupt'],
    ['anything else', 'EMFILE', 'disk-unwritable'],
  ])('for %s (%s) is a %s', (_, code, wanted) => {
    const error = failed(code);
    const explained = explainLmdbError(error, subject);
    expect(explained).toMatchObject({ code: wanted, cause: error });
    expect(explained.message).toContain(`the state in ${tmpdir()}`);
    expect(explained.message).not.toContain('\n');
  });

  it('that has been explained stays as it is', () => {
    const error = new PulseError('fenced', 'it was fenced');
    expect(explainLmdbError(error, subject)).toBe(error);
  });

  it('is found behind the promise that a failed commit hands over', async () => {
    const behind = failed(28);
    const handedOver = Object.assign(new Error('Commit failed'), { commitError: Promise.reject(behind) });
    expect(await commitFailure(handedOver)).toBe(behind);
    expect(await commitFailure(behind)).toBe(behind);
  });
});
