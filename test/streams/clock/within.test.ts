import { describe, expect, it } from 'vitest';
import { unlessAborted } from '../../../src/streams/clock/unless-aborted.ts';
import { within } from '../../../src/streams/clock/within.ts';
import { ManualTime } from '../../support/manual-time.ts';

const never = new Promise<never>(() => undefined);

describe('work within a time', () => {
  it('is what it comes to, and leaves no timer', async () => {
    const time = new ManualTime();
    expect(await within(Promise.resolve(7), 1000, time, () => new Error('late'))).toBe(7);
    await expect(within(Promise.reject(new Error('own')), 1000, time, () => new Error('late'))).rejects.toThrow('own');
    await new Promise(setImmediate);
    expect(time.pending).toBe(0);
  });

  it('is given up when the time is over, and not before', async () => {
    const time = new ManualTime();
    let outcome: unknown;
    within(never, 1000, time, () => new Error('late')).catch((error: unknown) => (outcome = error));
    time.advance(999);
    await new Promise(setImmediate);
    expect(outcome).toBeUndefined();
    time.advance(1);
    await new Promise(setImmediate);
    expect(outcome).toEqual(new Error('late'));
  });
});

describe('work unless aborted', () => {
  it('is what it comes to, and leaves no listener', async () => {
    const { signal } = new AbortController();
    const removed: string[] = [];
    signal.removeEventListener = (type: string) => void removed.push(type);
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
    await new Promise(setImmediate);
    expect(removed).toEqual(['abort', 'abort']);
  });

  it('is undefined as soon as the signal aborts, even if it never ends', async () => {
    const stop = new AbortController();
    const waiting = unlessAborted<number>(never, stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(await unlessAborted<number>(never, stop.signal)).toBeUndefined();
  });

  it('does not trouble anybody with how it fails after the abort', async () => {
    const stop = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const waiting = unlessAborted(new Promise((_, reject) => (fail = reject)), stop.signal);
    stop.abort();
    fail(new Error('too late to matter'));
    expect(await waiting).toBeUndefined();
  });
});
