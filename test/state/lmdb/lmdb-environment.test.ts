import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { StateIdentity } from '../../../src/state/environment.ts';
import { openLmdbState } from '../../../src/state/lmdb/lmdb-environment.ts';
import { describeState, textCodec, visited } from '../../support/state-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulse-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const fresh = (): string => join(folder, String(++folders));

const identity: StateIdentity = { log: 'log-1', namespace: 'ns', changelog: 'topic-1', version: 1 };

describeState('state in LMDB', () => openLmdbState({ path: fresh(), identity, onDiscard: () => undefined }));

describe('state in LMDB that is opened again', () => {
  let path: string;
  let said: string[];
  beforeEach(() => {
    path = fresh();
    said = [];
  });

  const reopen = (as: StateIdentity = identity) =>
    openLmdbState({ path, identity: as, onDiscard: (why) => said.push(why) });

  /** Leaves `rows` rows of partition 0 and its meta behind. */
  const leaveRows = async (rows: number): Promise<void> => {
    const state = await reopen();
    const table = state.table('rows', textCodec);
    await state.transaction(() => {
      for (let time = 0; time < rows; time++) table.put(0, 'a', time, `row ${time} ${'.'.repeat(time % 100)}`);
      state.putMeta(0, { applied: rows });
    });
    await state.close();
    expect(said).toEqual([]);
  };

  const contents = async (as?: StateIdentity) => {
    const state = await reopen(as);
    const found = { applied: state.meta(0)?.applied, rows: visited(state.table('rows', textCodec), 0, 'a').length };
    await state.close();
    return found;
  };

  it('holds what it held', async () => {
    await leaveRows(500);
    expect(await contents()).toEqual({ applied: 500, rows: 500 });
    expect(said).toEqual([]);
  });

  it('drops a partition from tables that nobody has used since', async () => {
    await leaveRows(3);
    const state = await reopen();
    await state.drop(0);
    await state.close();
    expect(await contents()).toEqual({ applied: undefined, rows: 0 });
  });

  it('drops more rows than fit a step', async () => {
    await leaveRows(20_001);
    const state = await reopen();
    await state.drop(0);
    await state.close();
    expect(await contents()).toEqual({ applied: undefined, rows: 0 });
  });

  it.each<readonly [Partial<StateIdentity>, why: string]>([
    [{ log: 'log-2' }, 'of another log'],
    [{ namespace: '' }, `of another namespace, ${JSON.stringify(identity.namespace)}`],
    [{ changelog: 'topic-2' }, 'of a changelog that was removed and made anew'],
    [{ changelog: undefined }, 'of a changelog that was removed and made anew'],
    [{ version: 2 }, `of format ${identity.version}, this program has 2`],
  ])('is emptied, and says so once, where it is of something else: %j', async (difference, why) => {
    await leaveRows(5);
    const other = { ...identity, ...difference };
    expect(await contents(other)).toEqual({ applied: undefined, rows: 0 });
    expect(said).toEqual([`the state in ${path} is ${why}: it is rebuilt from the log`]);
    await contents(other);
    expect(said).toHaveLength(1);
  });

  describe('with a damaged file', () => {
    const file = () => join(path, 'data.mdb');
    const expectRebuilt = async (): Promise<void> => {
      expect(await contents()).toEqual({ applied: undefined, rows: 0 });
      expect(said).toEqual([expect.stringMatching(/^the state in .* is damaged, .*: it is rebuilt from the log$/)]);
      said.length = 0;
      await leaveRows(5);
      expect(await contents()).toEqual({ applied: 5, rows: 5 });
    };

    it('is thrown away where its header is garbage', async () => {
      await leaveRows(500);
      writeFileSync(file(), Buffer.concat([Buffer.alloc(4096, 0xab), readFileSync(file()).subarray(4096)]));
      await expectRebuilt();
    });

    it('is thrown away where it is no LMDB file at all', async () => {
      mkdirSync(path);
      writeFileSync(file(), 'hello');
      await expectRebuilt();
    });

    it.each([100, 4096, 8191, 8192, 40_000])('is thrown away where it ends after %d bytes', async (bytes) => {
      await leaveRows(2_000);
      truncateSync(file(), bytes);
      await expectRebuilt();
    });

    it('is new where it is empty', async () => {
      mkdirSync(path);
      writeFileSync(file(), '');
      expect(await contents()).toEqual({ applied: undefined, rows: 0 });
      expect(said).toEqual([]);
    });
  });

  describe('where it can not be written', () => {
    it('says so of a folder that is read-only, and leaves it alone', async () => {
      await leaveRows(5);
      chmodSync(folder, 0o755);
      chmodSync(path, 0o555);
      await expect(asNobody(() => reopen())).rejects.toMatchObject({
        code: 'disk-unwritable',
        message: expect.stringContaining(path) as string,
      });
      chmodSync(path, 0o755);
      expect(await contents()).toEqual({ applied: 5, rows: 5 });
      expect(said).toEqual([]);
    });

    it('says so of a file in its place, and leaves it alone', async () => {
      writeFileSync(path, 'precious');
      await expect(reopen()).rejects.toMatchObject({ code: 'disk-unwritable' });
      expect(readFileSync(path, 'utf8')).toBe('precious');
      path = join(path, 'below');
      await expect(reopen()).rejects.toMatchObject({ code: 'disk-unwritable' });
      expect(said).toEqual([]);
    });
  });
});

/** Runs it with the permissions of nobody in particular, where the tests run as root. */
async function asNobody<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
