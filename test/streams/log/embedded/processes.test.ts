import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../../../src/streams/log/embedded/embedded-log.ts';
import type { LogMode } from '../../../../src/streams/log/embedded/tables.ts';
import type { LocalLog } from '../../../../src/streams/log/local/maintenance.ts';
import { LogChild } from '../../../support/log-child.ts';
import { ManualTime } from '../../../support/manual-time.ts';
import { appendTexts, at, errorCode, purged, readTexts, sourceOf, text } from '../../../support/log-contract-tools.ts';

let path = '';
const children: LogChild[] = [];
const logs: LocalLog[] = [];

const start = (mode: LogMode): LogChild => {
  const child = new LogChild(new URL('../../../support/log-process.ts', import.meta.url), [path, mode]);
  children.push(child);
  return child;
};
const open = async (mode: LogMode): Promise<LocalLog> => {
  const log = await openEmbeddedLog({ path, mode });
  logs.push(log);
  return log;
};
const openWithTopic = async (): Promise<LocalLog> => {
  const log = await open('write');
  await log.topics.ensure([{ name: 't', partitions: 1, cleanup: purged }]);
  return log;
};

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'pulse-log-'));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
  await Promise.all(logs.splice(0).map((log) => log.close()));
  await rm(path, { recursive: true });
});

describe('readers in other processes', () => {
  it('read what is there and what comes, while a writer runs', async () => {
    const log = await openWithTopic();
    await appendTexts(log, at('t'), ['before']);
    const [one, two] = [start('read'), start('read')];
    one.tell('tail t');
    two.tell('tail t');
    await one.says(/^0 before$/);
    await appendTexts(log, at('t'), ['while']);
    await Promise.all([one.says(/^1 while$/), two.says(/^1 while$/)]);
    expect(one.lines).toEqual(['open', '0 before', '1 while']);
  });

  it('read on while writers come and go', async () => {
    await (await openWithTopic()).close();
    const reader = await open('read');
    const source = await sourceOf(reader, at('t'));
    source.seek(0);
    for (const value of ['one', 'two']) {
      const polling = source.poll(60_000);
      const writer = start('write');
      writer.tell(`append t ${value}`);
      expect((await polling)?.records.map(text)).toEqual([`-=${value}`]);
      writer.tell('close');
      expect(await writer.ended()).toBe(0);
    }
  });

  it('share a process with the writer, whoever opens first', async () => {
    await (await openWithTopic()).close();
    const reader = await open('read');
    expect(await readTexts(reader, at('t'))).toEqual([]);
    const writer = await open('write');
    await appendTexts(writer, at('t'), ['one']);
    expect(await readTexts(reader, at('t'))).toEqual(['-=one']);
    await writer.close();
    expect(await readTexts(reader, at('t'))).toEqual(['-=one']);
  });

  it('see nothing of a folder without a log, and make none', async () => {
    const nowhere = join(path, 'nowhere');
    await expect(openEmbeddedLog({ path: nowhere, mode: 'read' })).rejects.toEqual(errorCode('file-unreadable'));
    expect(existsSync(nowhere)).toBe(false);
  });

  it('can write nothing', async () => {
    await (await openWithTopic()).close();
    const reader = await open('read');
    const { topics } = reader;
    const attempts = [
      reader.append([]),
      reader.writer('task'),
      reader.purge(at('t'), 0),
      topics.ensure([{ name: 'u', partitions: 1, cleanup: purged }]),
      topics.remove(['t']),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toEqual({ status: 'rejected', reason: errorCode('usage') });
    }
  });
});

describe('the writer lock', () => {
  it('lets no second process write, and names the first', async () => {
    await openWithTopic();
    const second = start('write');
    expect(await second.ended()).toBe(1);
    expect(second.errors).toMatch(new RegExp(`^PulseError: [^\\n]*${process.pid}[^\\n]*${path}[^\\n]*\\n$`));
  });

  it('rejects with log-locked', async () => {
    await openWithTopic().then((log) => log.close());
    const other = start('write');
    await other.says(/^open$/);
    await expect(open('write')).rejects.toEqual(errorCode('log-locked'));
  });

  it('is free when the writer has closed the log', async () => {
    await (await openWithTopic()).close();
    const second = start('write');
    second.tell('append t one');
    await second.says(/^appended/);
    second.tell('close');
    expect(await second.ended()).toBe(0);
    expect(await readTexts(await open('write'), at('t'))).toEqual(['-=one']);
  });

  it('is taken over from a writer that was killed', async () => {
    await (await openWithTopic()).close();
    const killed = start('write');
    killed.tell('append t one');
    await killed.says(/^appended/);
    await killed.kill();
    const log = await open('write');
    await appendTexts(log, at('t'), ['two']);
    expect(await readTexts(log, at('t'))).toEqual(['-=one', '-=two']);
  });

  it('is held until the last log of the process that writes is closed', async () => {
    const first = await openWithTopic();
    const second = await open('write');
    await first.close();
    await appendTexts(second, at('t'), ['one']);
    expect(await start('write').ended()).toBe(1);
    await second.close();
    const next = start('write');
    await next.says(/^open$/);
  });

  it('is shared by the threads of a process', async () => {
    const log = await openWithTopic();
    const source = await sourceOf(log, at('t'));
    source.seek(0);
    const polling = source.poll(60_000);
    const module = new URL('../../../support/log-process.ts', import.meta.url).href;
    const thread = new Worker(new URL('../../../../bin/worker.js', import.meta.url), {
      argv: [path, 'write'],
      workerData: { module },
      stdin: true,
      stdout: true,
    });
    thread.stdin?.write('append t one two\n');
    expect((await polling)?.records.map(text)).toEqual(['-=one', '-=two']);
    await appendTexts(log, at('t'), ['three']);
    expect((await source.poll(60_000))?.records.map(text)).toEqual(['-=three']);
    thread.stdin?.write('append t four\n');
    expect((await source.poll(60_000))?.records.map(text)).toEqual(['-=four']);
    thread.stdin?.write('close\n');
    await new Promise((resolve) => thread.once('exit', resolve));
  });
});

describe('the file', () => {
  const size = (): number => statSync(join(path, 'data.mdb')).size;
  const values = Array<string>(100).fill('v'.repeat(5000));

  /** Half a megabyte in, half a megabyte out, again and again. */
  const churn = async (log: LocalLog, rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      await appendTexts(log, at('t'), values);
      await log.purge(at('t'), (await log.bounds(at('t'))).end);
    }
  };

  it('does not grow while as much is purged as is appended', async () => {
    const log = await openWithTopic();
    await churn(log, 10);
    const before = size();
    await churn(log, 100);
    expect(size()).toBeLessThan(before * 1.5);
  });

  it('does not grow for a reader that has stalled between two reads', async () => {
    const log = await openWithTopic();
    const reader = start('read');
    reader.tell('bounds t');
    await reader.says(/^bounds/);
    reader.signal('SIGSTOP');
    await churn(log, 10);
    const before = size();
    await churn(log, 100);
    expect(size()).toBeLessThan(before * 1.5);
    reader.signal('SIGCONT');
    reader.tell('bounds t');
    await reader.says(/^bounds 11000 11000$/);
  });

  it('stops growing for a reader that died in the middle of a read', async () => {
    await (await openWithTopic()).close();
    const time = new ManualTime();
    const log = await openEmbeddedLog({ path, mode: 'write', time });
    logs.push(log);
    await churn(log, 3);
    const reader = start('read');
    reader.tell('hold');
    await reader.says(/^holding$/);
    await churn(log, 10);
    const held = size();
    await churn(log, 10);
    expect(size()).toBeGreaterThan(held * 1.3);
    await reader.kill();
    time.advance(10_000);
    await churn(log, 10);
    const before = size();
    await churn(log, 100);
    expect(size()).toBeLessThan(before * 1.5);
  });
});
