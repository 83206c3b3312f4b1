import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/streams/5-lake/delta/actions.ts';
import type { DeltaTable } from '../../../src/streams/5-lake/delta/delta-table.ts';
import {
  checkpointName,
  checkpointVersion,
  commitName,
  commitVersion,
} from '../../../src/streams/5-lake/delta/log-names.ts';
import { readLog } from '../../../src/streams/5-lake/delta/read-log.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import { LakeFolder } from '../../support/lake/lake-folder.ts';
import { hoursTable } from '../../support/lake/lake-world.ts';
import { temporaryFolder } from '../../support/pulse.ts';

const moved = (version: number): Action => ({ txn: { appId: 'test', version } });

/** Commits versions up to that one. */
async function commitTo(delta: DeltaTable, last: number): Promise<void> {
  while (delta.snapshot.version < last)
    expect(await delta.commit([moved(delta.snapshot.version + 1)], { operation: 'WRITE' })).toBe(true);
}

const logOf = (lake: LakeFolder): string => join(lake.path, hoursTable.name, '_delta_log');
const read = (lake: LakeFolder, version?: number) => readLog(nodeDisk, join(lake.path, hoursTable.name), version);

/** As a vacuum would, a week after the checkpoint of that version was written. */
function cleanBelow(lake: LakeFolder, version: number): void {
  for (const name of readdirSync(logOf(lake)))
    if ((commitVersion(name) ?? checkpointVersion(name) ?? Infinity) < version) rmSync(join(logOf(lake), name));
}

const replaced = {
  code: 'table-mismatch',
  message: expect.stringMatching(
    /was moved, removed or replaced while it was written: its version \d+ is not there/,
  ) as string,
};

describe('a table whose folder another one has taken the place of', () => {
  it.each([
    ['has read', 0],
    ['has written', 3],
    ['has read a checkpoint of', 5],
  ])('gets no version from who %s the one before, and has no hole', async (what, own) => {
    const lake = new LakeFolder(temporaryFolder());
    await commitTo(await lake.open(hoursTable), 5);
    let delta = await lake.open(hoursTable);
    await commitTo(delta, 5 + own);
    if (what.includes('checkpoint')) {
      rmSync(join(logOf(lake), commitName(10)));
      delta = await lake.open(hoursTable);
    }
    renameSync(join(lake.path, hoursTable.name), join(lake.path, 'aside'));
    await commitTo(await lake.open(hoursTable), 2);
    const commit = async (): Promise<void> => {
      if (!(await delta.commit([moved(99)], { operation: 'WRITE' }))) await delta.refresh();
    };
    await expect(commit()).rejects.toMatchObject(replaced);
    expect((await read(lake))?.version).toBe(2);
    expect((await read(lake))?.txns.get('test')).toBe(2);
    expect(existsSync(join(logOf(lake), commitName(6 + own)))).toBe(false);
  });

  it('gets no version where it has more of them, and lends none', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const delta = await lake.open(hoursTable);
    await commitTo(delta, 5);
    renameSync(join(lake.path, hoursTable.name), join(lake.path, 'aside'));
    lake.now += 1;
    await commitTo(await lake.open(hoursTable), 7);
    expect(await delta.commit([moved(99)], { operation: 'WRITE' })).toBe(false);
    await expect(delta.refresh()).rejects.toMatchObject(replaced);
    expect((await read(lake))?.version).toBe(7);
  });
});

describe('a table that was slept through', () => {
  it('is read anew where the versions in between are cleaned up, though a slow writer has set `_last_checkpoint` back', async () => {
    const lake = new LakeFolder(temporaryFolder());
    const writer = await lake.open(hoursTable);
    await commitTo(writer, 12);
    const sleeper = await lake.open(hoursTable);
    await commitTo(writer, 35);
    cleanBelow(lake, 30);
    writeFileSync(join(logOf(lake), '_last_checkpoint'), JSON.stringify({ version: 10, size: 3 }));
    expect(await sleeper.commit([moved(99)], { operation: 'WRITE' })).toBe(false);
    await sleeper.refresh();
    expect(sleeper.snapshot.version).toBe(35);
    await commitTo(sleeper, 36);
    expect((await read(lake))?.txns.get('test')).toBe(36);
  });

  it('goes on where a checkpoint alone is left of the version that was read', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await commitTo(await lake.open(hoursTable), 10);
    rmSync(join(logOf(lake), commitName(10)));
    const delta = await lake.open(hoursTable);
    expect(delta.snapshot.version).toBe(10);
    await commitTo(delta, 12);
    expect((await read(lake))?.txns.get('test')).toBe(12);
  });
});

describe('an earlier version of a table', () => {
  it('is read as long as the log goes back to it, and is said to be cleaned up then, and not to be none', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await commitTo(await lake.open(hoursTable), 25);
    for (const version of [0, 9, 10, 14, 25]) expect((await read(lake, version))?.version).toBe(version);
    cleanBelow(lake, 20);
    for (const version of [20, 23, 25]) expect((await read(lake, version))?.version).toBe(version);
    for (const version of [0, 5, 10, 19])
      await expect(read(lake, version)).rejects.toMatchObject({
        code: 'version-vacuumed',
        message: expect.stringMatching(`does not go back to version ${version} any more`) as string,
      });
    expect((await read(lake, 99))?.version).toBe(25);
  });

  it('is damage where one is lacking that no checkpoint stands for', async () => {
    const lake = new LakeFolder(temporaryFolder());
    await commitTo(await lake.open(hoursTable), 8);
    rmSync(join(logOf(lake), commitName(4)));
    await expect(read(lake)).rejects.toMatchObject({ code: 'table-corrupt', message: /lacks the version 4/ });
    expect(existsSync(join(logOf(lake), checkpointName(10)))).toBe(false);
  });
});
