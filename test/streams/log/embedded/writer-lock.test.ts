import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../../../src/streams/log/embedded/embedded-log.ts';
import { Environment } from '../../../../src/streams/log/embedded/environment.ts';
import { isAlive, isSameProcess, thisProcess } from '../../../../src/streams/log/embedded/process-identity.ts';
import { appendTexts, at, errorCode, purged, readTexts } from '../../../support/log-contract-tools.ts';
import { ManualTime } from '../../../support/manual-time.ts';

/** The id of a process that has ended. */
const endedPid = (): number => Number(spawnSync(process.execPath, ['-p', 'process.pid']).stdout.toString());

describe('the identity of a process', () => {
  it('is alive while it runs, and no longer', () => {
    expect(isAlive(thisProcess())).toBe(true);
    expect(isAlive({ pid: endedPid(), start: '', host: hostname() })).toBe(false);
    expect(isAlive({ pid: process.ppid, start: '', host: hostname() })).toBe(true);
  });

  it('is not that of a later process with the same id', () => {
    const own = thisProcess();
    expect(isSameProcess(own, thisProcess())).toBe(true);
    expect(isSameProcess(own, { ...own, start: '1' })).toBe(false);
    if (own.start !== '') expect(isAlive({ ...own, start: '1' })).toBe(false);
  });
});

describe('the writer lock', () => {
  let path = '';
  let time: ManualTime;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
    time = new ManualTime();
    const log = await openEmbeddedLog({ path, mode: 'write', time });
    await log.topics.ensure([{ name: 't', partitions: 1, cleanup: purged }]);
    await log.close();
  });
  afterEach(() => rm(path, { recursive: true }));

  /** As if another process had taken it. */
  async function lockedBy(owner: {
    readonly pid: number;
    readonly start: string;
    readonly host: string;
  }): Promise<void> {
    const environment = await Environment.open(path, 'write', asyncScheduler);
    const rest = { token: 'theirs', holders: 1, renewedAt: time.now(), keeper: '', keeperUntil: 0 };
    environment.tables.meta.putSync('lock', { ...owner, ...rest });
    await environment.close();
  }

  it('is taken from a dead process, and from an earlier one with the same id', async () => {
    for (const owner of [
      { pid: endedPid(), start: '', host: hostname() },
      { pid: process.pid, start: '1', host: hostname() },
    ]) {
      await lockedBy(owner);
      const log = await openEmbeddedLog({ path, mode: 'write', time });
      await appendTexts(log, at('t'), ['one']);
      await log.close();
    }
  });

  it('of another host is taken when that has been silent for half a minute', async () => {
    await lockedBy({ pid: 1, start: '1', host: 'elsewhere' });
    time.advance(29_000);
    await expect(openEmbeddedLog({ path, mode: 'write', time })).rejects.toEqual(errorCode('log-locked'));
    time.advance(2_000);
    const log = await openEmbeddedLog({ path, mode: 'write', time });
    await appendTexts(log, at('t'), ['one']);
    await log.close();
  });

  it('gives a sign of life while its owner has nothing to do', async () => {
    const log = await openEmbeddedLog({ path, mode: 'write', time });
    const environment = await Environment.open(path, 'write', asyncScheduler);
    for (let seconds = 10; seconds <= 60; seconds += 10) {
      await expect.poll(() => time.pending).toBe(1);
      time.advance(10_000);
      const lock = (): unknown => environment.tables.meta.get('lock');
      await expect.poll(lock).toMatchObject({ pid: process.pid, renewedAt: time.now() });
    }
    await environment.close();
    await log.close();
  });

  it('fences a writer that has lost it: nothing more is appended', async () => {
    const log = await openEmbeddedLog({ path, mode: 'write', time });
    await appendTexts(log, at('t'), ['one']);
    await lockedBy({ pid: 1, start: '1', host: 'elsewhere' });
    await expect(appendTexts(log, at('t'), ['two'])).rejects.toEqual(errorCode('fenced'));
    await expect(log.writer('task')).rejects.toEqual(errorCode('fenced'));
    expect(await readTexts(log, at('t'))).toEqual(['-=one']);
    await log.close();
    const environment = await Environment.open(path, 'write', asyncScheduler);
    expect(environment.tables.meta.get('lock')).toMatchObject({ token: 'theirs' });
    await environment.close();
  });
});
