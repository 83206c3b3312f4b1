import { describe, expect, it } from 'vitest';
import { Playback } from '../../../../src/streams/1-ingest/pace/playback.ts';

const HOUR = 3_600_000;
const START = Date.parse('2023-12-01T00:00:00Z');

/** When each quote comes, in wall-clock milliseconds, if nothing takes time but waiting. */
function comings(playback: Playback, times: readonly number[]): readonly number[] {
  let now = 0;
  return times.map((time) => (now += Math.max(0, playback.delay(START + time, now))));
}

describe('Playback', () => {
  it('plays event time at its speed', () => {
    const playback = new Playback({ speed: 720, fastForwardMs: 0 });
    expect(comings(playback, [0, HOUR / 2, HOUR, HOUR, 2 * HOUR])).toEqual([0, 2500, 5000, 5000, 10_000]);
  });

  it('waits for nothing at full speed', () => {
    const playback = new Playback({ speed: 'max', fastForwardMs: 0 });
    expect(comings(playback, [0, HOUR, 1000 * HOUR])).toEqual([0, 0, 0]);
  });

  it('gives the first hours at once and paces from there on', () => {
    const playback = new Playback({ speed: 720, fastForwardMs: 96 * HOUR });
    expect(comings(playback, [0, HOUR, 95.5 * HOUR, 96 * HOUR, 97 * HOUR])).toEqual([0, 0, 0, 0, 5000]);
  });

  it('counts the first hours from the beginning of the recording, also when it goes on later', () => {
    const playback = new Playback({ speed: 720, fastForwardMs: 96 * HOUR });
    playback.skip(START);
    playback.skip(START + 95 * HOUR);
    expect(comings(playback, [95.5 * HOUR, 100 * HOUR, 101 * HOUR])).toEqual([0, 0, 5000]);
  });

  it('gives late quotes at once, without moving the others', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    expect(comings(playback, [0, HOUR, 0, HOUR / 2, 2 * HOUR])).toEqual([0, 1000, 1000, 1000, 2000]);
  });

  it('catches up after a wait that took too long', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    playback.delay(START, 0);
    expect(playback.delay(START + HOUR, 4000)).toBe(-3000);
  });

  it('is not held up by a stray date far ahead', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    const century = 876_000 * HOUR;
    expect(comings(playback, [0, HOUR, century, 2 * HOUR, 3 * HOUR])).toEqual([0, 1000, 1000, 2000, 3000]);
  });

  it('leaps with the recording over a gap', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    const week = 168 * HOUR;
    expect(comings(playback, [0, HOUR, week, week + HOUR / 2, week + 1.5 * HOUR])).toEqual([0, 1000, 1000, 1000, 2000]);
  });

  it('goes on from where it is at another speed', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    expect(playback.delay(START, 0)).toBe(0);
    // Half of the hour has passed, and the other half takes twice as long.
    playback.change({ speed: 1800, isPaused: false }, 500);
    expect(playback.delay(START + HOUR, 500)).toBe(1000);
    playback.change({ speed: 'max', isPaused: false }, 600);
    expect(playback.delay(START + HOUR, 600)).toBe(0);
    expect(playback.isPaced).toBe(false);
    playback.change({ speed: 3600, isPaused: false }, 700);
    expect(comings(playback, [5 * HOUR, 6 * HOUR])).toEqual([0, 1000]);
  });

  it('gives nothing while it is paused, however late, and goes on with what was left', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    playback.delay(START, 0);
    playback.change({ speed: 3600, isPaused: true }, 400);
    expect(playback.delay(START + HOUR, 400)).toBe(Infinity);
    expect(playback.delay(START - HOUR, 50_000)).toBe(Infinity);
    playback.change({ speed: 3600, isPaused: false }, 60_000);
    expect(playback.delay(START + HOUR, 60_000)).toBeCloseTo(600);
  });

  it('gives all up to the time that is sought at once, be it paused, and then plays from there', () => {
    const playback = new Playback({ speed: 3600, fastForwardMs: 0 });
    playback.delay(START, 0);
    playback.change({ speed: 3600, isPaused: true }, 0);
    let changes = 0;
    playback.changes.subscribe(() => (changes += 1));
    playback.seek(START + 10 * HOUR);
    expect([playback.isSeeking, changes]).toEqual([true, 1]);
    expect([1, 5, 10].map((hour) => playback.delay(START + hour * HOUR, 0))).toEqual([0, 0, 0]);
    expect(playback.isSeeking).toBe(true);
    expect(playback.delay(START + 10 * HOUR + 1, 0)).toBe(Infinity);
    expect([playback.isSeeking, changes]).toEqual([false, 2]);
    playback.change({ speed: 3600, isPaused: false }, 1000);
    expect(playback.delay(START + 10.5 * HOUR, 1000)).toBe(0);
    expect(playback.delay(START + 11.5 * HOUR, 1000)).toBe(1000);
  });
});
