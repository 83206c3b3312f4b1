import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { PulseError } from '../../../../src/errors.ts';
import { persistentSource } from '../../../../src/streams/1-ingest/persistent-source.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import { recordedSource, type RecordedOptions } from '../../../../src/streams/1-ingest/recorded/recorded-source.ts';
import { aroundCommits } from '../support/around-commits.ts';
import { crashingLog } from '../support/crashing-log.ts';
import { emptyLog, ingested, latest, PARTITIONS } from '../support/ingested.ts';

const folder = mkdtempSync(join(tmpdir(), 'pulse-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = Array.from({ length: 1500 }, (_, i) =>
  JSON.stringify({ id: `coin-${i % 7}`, current_price: i + 1, last_updated: '2023-12-01T00:00:00.000Z' }),
);
const path = join(folder, 'quotes.ndjson');
writeFileSync(path, lines.join('\n'));
const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');

function run(log: Log, more: Partial<RecordedOptions> = {}): Promise<unknown> {
  const options = { log, namespace: '', partitions: PARTITIONS, scheduler: asyncScheduler, path } as const;
  const source = recordedSource({
    ...options,
    speed: 'max',
    fastForwardMs: 0,
    again: false,
    chunkBytes: 4000,
    ...more,
  });
  return source.run(new AbortController().signal);
}

const values = async (log: Log): Promise<readonly string[]> => (await ingested(log)).map(({ value }) => value).sort();
const once = [...lines].sort();
const twice = [...lines, ...lines].sort();

describe('an interrupted ingest of a file', () => {
  it('goes on exactly where it was, whichever commit it dies at and however often', async () => {
    const crashes = fc.array(fc.record({ at: fc.nat(12), isDone: fc.boolean() }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(crashes, async (deaths) => {
        const log = await emptyLog();
        for (const { at, isDone } of deaths) await run(crashingLog(log, at, isDone)).catch(() => undefined);
        await run(log);
        expect(await values(log)).toEqual(once);
        expect(await latest(log, 'pulse.positions', `recorded|${sha256}`)).toMatchObject({ records: 1500, done: true });
      }),
      { numRuns: 30 },
    );
  });

  it('is repeated once, were it the answer to the very last commit that got lost', async () => {
    const log = await emptyLog();
    await run(log);
    let losses = 0;
    const lossy = aroundCommits(log, async (commit, records) => {
      const result = await commit();
      if (losses > 0 || !records.some(({ value }) => String(value).includes('"done":true'))) return result;
      losses++;
      throw new PulseError('log-unavailable', 'no answer');
    });
    const options = { log: lossy, namespace: '', partitions: PARTITIONS, scheduler: asyncScheduler, path } as const;
    const source = recordedSource({ ...options, speed: 'max', fastForwardMs: 0, again: true });
    await persistentSource(source, async () => undefined, undefined).run(new AbortController().signal);
    expect(losses).toBe(1);
    expect(await values(log)).toEqual(twice);
  });

  it('goes on in a run that repeats the file', async () => {
    const log = await emptyLog();
    await run(log);
    await expect(run(crashingLog(log, 4, true), { again: true })).rejects.toThrow('commit 4');
    expect(await latest(log, 'pulse.positions', `recorded|${sha256}|2`)).toMatchObject({ run: 2, done: false });
    await run(log);
    expect(await values(log)).toEqual(twice);
  });

  it('finishes the first run before any other, even when asked for again', async () => {
    const log = await emptyLog();
    await run(crashingLog(log, 4, false), { again: true }).catch(() => undefined);
    await run(log, { again: true });
    expect(await values(log)).toEqual(once);
  });
});

describe('a finished ingest of a file', () => {
  it('is not repeated, under whatever name the file comes', async () => {
    const log = await emptyLog();
    expect(await run(log)).toEqual({ kind: 'finished', records: 1500 });
    const copy = join(folder, 'copy');
    writeFileSync(copy, lines.join('\n'));
    expect(await run(log, { path: copy })).toEqual({ kind: 'already-finished', records: 1500 });
    expect(await values(log)).toEqual(once);
  });

  it('is repeated as often as it is asked for', async () => {
    const log = await emptyLog();
    for (let i = 0; i < 3; i++) await run(log, { again: true });
    expect(await values(log)).toEqual([...twice, ...lines].sort());
  });
});

describe('a second ingest beside the first', () => {
  it('takes over: the first ends fenced, and nothing doubles', async () => {
    const log = await emptyLog();
    let opened = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const announcing: Log = {
      ...log,
      writer: async (id) => {
        const writer = await log.writer(id);
        opened();
        return writer;
      },
    };
    let second: Promise<unknown> | undefined;
    // The first goes on only once the second has its writer, however long that takes.
    const waiting = aroundCommits(log, async (commit) => {
      if (second !== undefined) await isOpen;
      return commit();
    });
    const onProgress = (): void => {
      second ??= run(announcing);
    };
    const first = run(waiting, { onProgress, chunkBytes: 1000 });
    await expect(first).rejects.toMatchObject({ code: 'fenced' });
    await second;
    expect(await values(log)).toEqual(once);
  });
});
