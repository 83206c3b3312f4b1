import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../support/disorderly-market.ts';
import { expectTables } from '../support/expect-tables.ts';
import { pageOf } from '../support/page.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic, type RunningPulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { settled, type Steered, steered } from '../support/steered-timelapse.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2023-12-01T00:00:00Z');
const QUOTES = 960;
const DAYS = 2;

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

/** The quotes of a file that had been seen by that time, as a file, and how many they are. */
function seenBy(time: number, lines: readonly string[]): { readonly file: string; readonly count: number } {
  const seen = lines.filter((line) => Date.parse((JSON.parse(line) as { last_updated: string }).last_updated) <= time);
  const file = join(temporaryFolder(), 'seen.ndjson');
  writeFileSync(file, seen.join('\n'));
  return { file, count: seen.length };
}

/** The time that is shown, once it stays the same: what was under way when it was paused has come. */
async function shownAtRest(timelapse: Steered): Promise<number> {
  const shown = async () => (await timelapse.is(() => true)).timelapse?.at ?? 0;
  for (let before = await shown(); ;) {
    await new Promise((wake) => setTimeout(wake, 500));
    const now = await shown();
    if (now === before) return now;
    before = now;
  }
}

describe('pulse replay --speed', () => {
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
    const lines = gunzipSync(readFileSync(FEW_HOURS)).toString('utf8').trimEnd().split('\n');
    const ahead = BEGIN + 5 * HOUR_MS;
    await timelapse.wish({ kind: 'seek', to: ahead });
    await timelapse.is(({ state, isPaused, at }) => state === 'playing' && isPaused && at === ahead);
    const aheadSeen = seenBy(ahead, lines);
    await settled(timelapse, aheadSeen.count);
    await expectTables(played(), [aheadSeen.file], 'timelapse');
    const back = BEGIN + 2.5 * HOUR_MS;
    expect(await timelapse.wish({ kind: 'seek', to: back })).toMatchObject({
      timelapse: { state: 'going-back', target: back, isPaused: true },
    });
    await timelapse.is(({ state, isPaused, at }) => state === 'playing' && isPaused && at === back);
    const backSeen = seenBy(back, lines);
    await settled(timelapse, backSeen.count);
    await expectTables(played(), [backSeen.file], 'timelapse');
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

  it('has the tables of every time that it is sent to where quotes lie in disorder, twice, and behind newer ones', async () => {
    const seed = String(Date.now());
    console.log(`seed ${seed}`);
    const disorderly = disorderlyMarket(seededRandom(seed), DAYS);
    const lines = readFileSync(disorderly, 'utf8').trimEnd().split('\n');
    // The second half lies before the first.
    const files = [lines.slice(lines.length / 2), lines.slice(0, lines.length / 2)].map((half, index) => {
      const file = join(temporaryFolder(), `half-${index}.ndjson`);
      writeFileSync(file, half.join('\n'));
      return file;
    });
    folder = temporaryFolder();
    for (const file of files)
      expect(await run('ingest', '--source', 'recorded', '--file', file)).toMatchObject({ code: 0 });
    const timelapse = await play(60);
    await timelapse.wish({ kind: 'pause', isPaused: true });
    for (const hours of [30, 17.25, 40.1, 9]) {
      const to = BEGIN + hours * HOUR_MS;
      const { file, count } = seenBy(to, lines);
      await timelapse.wish({ kind: 'seek', to });
      await timelapse.is(({ state, at }) => state === 'playing' && at === to);
      await settled(timelapse, count);
      await expectTables(played(), [file], 'timelapse');
    }
    // Played, it stands at some time between: its tables are those of the time that is shown.
    await timelapse.wish({ kind: 'speed', speed: 3_600 });
    await timelapse.wish({ kind: 'pause', isPaused: false });
    await timelapse.is(({ at }) => at !== null && at > BEGIN + 12 * HOUR_MS);
    await timelapse.wish({ kind: 'pause', isPaused: true });
    const shown = await shownAtRest(timelapse);
    expect(shown).toBeLessThan(BEGIN + DAYS * 24 * HOUR_MS);
    const { file, count } = seenBy(shown, lines);
    await settled(timelapse, count);
    await expectTables(played(), [file], 'timelapse');
    await timelapse.wish({ kind: 'seek', to: 1e15 });
    await timelapse.is(({ state }) => state === 'ended');
    await settled(timelapse, lines.length);
    await expectTables(played(), files, 'timelapse');
    timelapse.child.kill('SIGINT');
    expect(await timelapse.ended).toMatchObject({ code: 0 });
    expect(readdirSync(played()).filter((name) => name.startsWith('order-'))).toEqual([]);
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
