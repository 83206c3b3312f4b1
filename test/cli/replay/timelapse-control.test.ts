import { describe, expect, it } from 'vitest';
import { TimelapseControl } from '../../../src/cli/replay/timelapse-control.ts';
import { ManualTime } from '../../support/manual-time.ts';

const HOUR = 3_600_000;
const span = { of: 'live', from: 0, to: 100 * HOUR };
const made = () => new TimelapseControl({ ...span, speed: 600, clock: new ManualTime() });

describe('the control of a time-lapse', () => {
  it('tells how it is played', () => {
    const control = made();
    control.begin();
    const begun = { ...span, at: null, speed: 600, isPaused: false, state: 'playing', target: null };
    expect(control.state()).toEqual(begun);
    control.reached(4 * HOUR);
    expect(control.state()).toEqual({ ...begun, at: 4 * HOUR });
    control.reached(5 * HOUR);
    control.ended();
    expect(control.state()).toMatchObject({ state: 'ended', at: 5 * HOUR });
  });

  it('hands pause and speed to what is played, and keeps them for what is played next', () => {
    const control = made();
    const { playback } = control.begin();
    let changes = 0;
    control.changes.subscribe(() => (changes += 1));
    control.wish({ kind: 'speed', speed: 'max' });
    expect(playback.isPaced).toBe(false);
    control.wish({ kind: 'pause', isPaused: true });
    expect(playback.delay(HOUR, 0)).toBe(Infinity);
    expect(changes).toBe(2);
    control.reached(5 * HOUR);
    control.wish({ kind: 'seek', to: 2 * HOUR });
    const next = control.begin();
    expect(next.playback.delay(2 * HOUR, 0)).toBe(0);
    expect(next.playback.delay(2 * HOUR + 1, 0)).toBe(Infinity);
    expect(control.state()).toMatchObject({ isPaused: true, speed: 'max', state: 'playing', at: 2 * HOUR });
  });

  it('goes ahead in the same life, within the quotes that there are', () => {
    const control = made();
    const { playback, signal } = control.begin();
    control.reached(5 * HOUR);
    control.wish({ kind: 'seek', to: 1e15 });
    expect(signal.aborted).toBe(false);
    expect(control.state()).toMatchObject({ state: 'seeking', target: 100 * HOUR, at: 5 * HOUR });
    expect(playback.delay(100 * HOUR, 0)).toBe(0);
    expect(control.state()).toMatchObject({ state: 'seeking' });
    control.reached(100 * HOUR);
    control.ended();
    expect(control.state()).toMatchObject({ state: 'ended', target: null, at: 100 * HOUR });
  });

  it('stays where it is when it is sent there', () => {
    const control = made();
    const { playback, signal } = control.begin();
    control.reached(5 * HOUR);
    control.wish({ kind: 'seek', to: 5 * HOUR });
    expect(signal.aborted).toBe(false);
    playback.delay(6 * HOUR, 0);
    expect(control.state()).toMatchObject({ state: 'playing', at: 5 * HOUR });
  });

  it('goes back in another life, to what was sought last', () => {
    const control = made();
    const { signal } = control.begin();
    control.reached(5 * HOUR);
    control.wish({ kind: 'seek', to: 3 * HOUR });
    expect(signal.aborted).toBe(true);
    expect(control.state()).toMatchObject({ state: 'going-back', target: 3 * HOUR });
    control.wish({ kind: 'seek', to: -1 });
    expect(control.state()).toMatchObject({ state: 'going-back', target: 0 });
    const next = control.begin();
    expect([control.isGoingBack, next.signal.aborted]).toEqual([false, false]);
    expect(control.state()).toMatchObject({ state: 'seeking', target: 0, at: null });
    next.playback.delay(1, 0);
    expect(control.state()).toMatchObject({ state: 'playing', at: 0 });
  });
});
