import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectTables } from '../support/expect-tables.ts';
import { pageOf } from '../support/page.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic, type RunningPulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { settled, type Steered, steered } from '../support/steered-timelapse.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2023-12-01T00:00:00Z');
const QUOTES = 960;

let folder: string;
beforeEach(async () => {
  folder = await processedFolder();
});
const run = (...args: readonly string[]): Promise<Ended> => pulse(args, { PULSE_DATA_DIR: folder });
const played = (): string => join(folder, 'namespaces', 'timelapse');

/** A time-lapse, its page's address, and somebody who may steer it. */
async function play(speed: number, ...args: readonly string[]): Promise<RunningPulse & Steered> {
  const running = startPulse(['replay', '--speed', String(speed), '--no-lake', ...args], { PULSE_DATA_DIR: folder });
  const url = await pageOf(running);
  return { ...running, ...steered(url) };
}

/** The quotes of the file that were seen before that time, as a file. */
function before(time: number): string {
  const lines = gunzipSync(readFileSync(FEW_HOURS)).toString('utf8').trimEnd().split('\n');
  const seen = lines.filter((line) => Date.parse((JSON.parse(line) as { last_updated: string }).last_updated) < time);
  const file = join(temporaryFolder(), 'before.ndjson');
  writeFileSync(file, seen.join('\n'));
  return file;
}

describe('pulse replay --speed', { timeout: 90_000 }, () => {
  it('plays the live quotes, which end in the same tables, with their bytes and times', async () => {
    const timelapse = await play(3_600_000);
    const status = await timelapse.is(({ state }, { source }) => state === 'ended' && source?.state === 'ended');
    expect(status.timelapse).toMatchObject({ of: '', from: BEGIN, at: status.timelapse?.to, speed: 3_600_000 });
    expect(status.source).toMatchObject({ kind: 'played', source: 'replay', state: 'ended', records: QUOTES });
    await settled(timelapse, QUOTES);
    timelapse.child.kill('SIGINT');
    expect(await timelapse.ended).toMatchObject({ code: 0, signal: null });
    expect(await run('diff', '.', 'timelapse')).toMatchObject({ code: 0 });
    await expectTables(played(), [FEW_HOURS], 'timelapse');
    await expectTables(folder, [FEW_HOURS]);
    const quotes = async (namespace: string) => {
      const read = await readTopic('coingecko.markets', [], { PULSE_DATA_DIR: folder, PULSE_NAMESPACE: namespace });
      return read.map(({ partition, key, value, headers }) => ({ partition, key, value, at: headers['observed_at'] }));
    };
    expect(new Set((await quotes('timelapse')).map((quote) => JSON.stringify(quote)))).toEqual(
      new Set((await quotes('')).map((quote) => JSON.stringify(quote))),
    );
    const [first] = await readTopic('coingecko.markets', ['--limit', '1'], {
      PULSE_DATA_DIR: folder,
      PULSE_NAMESPACE: 'timelapse',
    });
    expect(first?.headers['source']).toBe('replay');
  });

  it('is paused, sped up, sent ahead and back; its tables are those of that time', async () => {
    const timelapse = await play(60);
    expect(await timelapse.wish({ kind: 'pause', isPaused: true })).toMatchObject({ kind: 'timelapse' });
    const ahead = BEGIN + 5 * HOUR_MS;
    await timelapse.wish({ kind: 'seek', to: ahead });
    await timelapse.is(({ state, isPaused, at }) => state === 'playing' && isPaused && at === ahead);
    await settled(timelapse, 600);
    await expectTables(played(), [before(ahead)], 'timelapse');
    const back = BEGIN + 2.5 * HOUR_MS;
    expect(await timelapse.wish({ kind: 'seek', to: back })).toMatchObject({
      timelapse: { state: 'going-back', target: back, isPaused: true },
    });
    await timelapse.is(({ state, isPaused, at }) => state === 'playing' && isPaused && at === back);
    await settled(timelapse, 300);
    await expectTables(played(), [before(back)], 'timelapse');
    // Nothing comes while it is paused; then it goes on from there, to the same end.
    await new Promise((wake) => setTimeout(wake, 500));
    expect((await timelapse.is(() => true)).timelapse?.at).toBe(back);
    await timelapse.wish({ kind: 'speed', speed: 'max' });
    await timelapse.wish({ kind: 'pause', isPaused: false });
    await timelapse.is(({ state, speed }) => state === 'ended' && speed === 'max');
    await settled(timelapse, QUOTES);
    timelapse.child.kill('SIGINT');
    expect(await timelapse.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('960 quotes') as string });
    await expectTables(played(), [FEW_HOURS], 'timelapse');
  });

  it('begins afresh each time, and empties nothing but a time-lapse', async () => {
    for (let time = 0; time < 2; time++) {
      const timelapse = await play(3_600_000);
      await timelapse.is(({ state }) => state === 'ended');
      await settled(timelapse, QUOTES);
      timelapse.child.kill('SIGTERM');
      expect(await timelapse.ended).toMatchObject({ code: 0 });
      await expectTables(played(), [FEW_HOURS], 'timelapse');
    }
    expect(await run('replay', '--no-lake', '--namespace', 'other')).toMatchObject({ code: 0 });
    const other = await run('replay', '--speed', '600', '--namespace', 'other');
    expect(other).toMatchObject({ code: 1 });
    expect(other.stderr).toContain('holds something else than a time-lapse');
    expect(await run('diff', '.', 'other')).toMatchObject({ code: 0 });
  });

  it('says what goes with it and what does not', async () => {
    expect(await run('replay', '--speed', '600', '--diff')).toMatchObject({ code: 2 });
    expect(await run('replay', '--port', '1')).toMatchObject({ code: 2 });
    expect(await run('replay', '--speed', '0')).toMatchObject({ code: 2 });
    expect(await run('replay', '--speed', '600', '--namespace', 'demo')).toMatchObject({ code: 1 });
    const none = await pulse(['replay', '--speed', '600'], { PULSE_DATA_DIR: temporaryFolder() });
    expect(none).toMatchObject({ code: 1 });
  });
});
