import { beforeEach, describe, expect, it } from 'vitest';
import { LocalArrivals } from '../../../../src/streams/log/local/arrivals.ts';
import { ManualTime } from '../../../support/manual-time.ts';

describe('arrivals', () => {
  let time: ManualTime;
  let arrivals: LocalArrivals;
  let found: string | undefined;
  let looks: number;
  beforeEach(() => {
    time = new ManualTime();
    arrivals = new LocalArrivals(time);
    found = undefined;
    looks = 0;
  });
  const look = (): string | undefined => {
    looks++;
    return found;
  };
  const find = (waitMs: number, signal = new AbortController().signal): { readonly outcome: () => unknown } => {
    let outcome: unknown = 'waiting';
    void arrivals.find(look, waitMs, signal).then(
      (value) => (outcome = value),
      (error: unknown) => (outcome = error),
    );
    return { outcome: () => outcome };
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('finds at once what is there, and sets no timer', async () => {
    found = 'it';
    const { outcome } = find(1000);
    await settle();
    expect([outcome(), looks, time.pending]).toEqual(['it', 1, 0]);
  });

  it('looks again after every wake, and goes on waiting when there is nothing for it', async () => {
    const { outcome } = find(1000);
    for (let wakes = 1; wakes <= 3; wakes++) {
      await settle();
      arrivals.wake();
      await settle();
      expect([outcome(), looks]).toEqual(['waiting', wakes + 1]);
    }
    found = 'it';
    arrivals.wake();
    await settle();
    expect([outcome(), time.pending]).toEqual(['it', 0]);
  });

  it('gives up when the time is over, not before', async () => {
    const { outcome } = find(1000);
    await settle();
    time.advance(999);
    await settle();
    expect(outcome()).toBe('waiting');
    time.advance(1);
    await settle();
    expect([outcome(), time.pending]).toEqual([undefined, 0]);
  });

  it('waits for nothing when it may not', async () => {
    const { outcome } = find(0);
    await settle();
    expect([outcome(), looks, time.pending]).toEqual([undefined, 1, 0]);
  });

  it('waits for ever when it may', async () => {
    const { outcome } = find(Infinity);
    await settle();
    time.advance(1e12);
    await settle();
    expect(outcome()).toBe('waiting');
    found = 'it';
    arrivals.wake();
    await settle();
    expect(outcome()).toBe('it');
  });

  it('ends when the signal aborts, before the search or in it, without another look', async () => {
    const stop = new AbortController();
    const { outcome } = find(1000, stop.signal);
    await settle();
    found = 'it';
    stop.abort();
    await settle();
    expect([outcome(), looks, time.pending]).toEqual([undefined, 1, 0]);
    const late = find(1000, stop.signal);
    await settle();
    expect([late.outcome(), looks, time.pending]).toEqual([undefined, 1, 0]);
  });

  it('passes on what looking throws', async () => {
    const error = new Error('gone');
    let outcome: unknown;
    const failing = (): string => {
      throw error;
    };
    await arrivals.find(failing, 1000, new AbortController().signal).catch((thrown: unknown) => (outcome = thrown));
    expect([outcome, time.pending]).toEqual([error, 0]);
  });
});
