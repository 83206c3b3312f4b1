import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Closes } from '../../../src/web/contract.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const hours = (from: number, to: number) =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
  await harness.feeder.publish(hours(0, 6));
});
afterEach(() => harness.close());

const serve = async (): Promise<string> => {
  const { url } = await harness.serve();
  await ready(url);
  return url;
};
const expected = (coin: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const ts = begin + (from + i) * HOUR_MS;
    return [ts, harness.feeder.tables.silver(coin, ts)['price']];
  });

describe('a page that compares coins', () => {
  it('gets their closes, then those that change', async () => {
    const page = harness.page(await serve(), { coin: 'bitcoin' });
    await page.first();
    expect(await page.compare(['solana', 'ripple', 'solana'])).toEqual({
      kind: 'closes',
      closes: ['solana', 'ripple'].map((coin) => ({ coin, hours: expected(coin, 0, 6), reset: true })),
    });
    await harness.feeder.publish(hours(6, 7));
    const changed = (): readonly Closes[] => page.batches.flatMap(({ closes = [] }) => closes);
    // An hour's features may come in a batch of their own, after its price: until then it is none.
    const told = (of: string) => new Map(changed().flatMap(({ coin, hours: closes }) => (coin === of ? closes : [])));
    const isTold = (coin: string): boolean => told(coin).get(begin + 6 * HOUR_MS) != null;
    await page.until(() => isTold('ripple') && isTold('solana'), 'both change');
    for (const coin of ['ripple', 'solana']) expect([...told(coin)]).toEqual(expected(coin, 6, 7));
    expect(new Set(changed().map(({ coin }) => coin))).toEqual(new Set(['ripple', 'solana']));
    expect(page.batches.some(({ history }) => history?.coin === 'bitcoin')).toBe(true);
    const late = { ...hours(2, 3).find(({ coin }) => coin === 'ripple')!, at: begin + 3 * HOUR_MS - 1, price: 9 };
    await harness.feeder.publish([late]);
    await page.until(
      () =>
        changed().some(({ hours: closes }) => closes.some(([ts, price]) => ts === begin + 2 * HOUR_MS && price === 9)),
      'the correction comes',
    );
  });

  it('gets them with its snapshot, and what it missed of them when it comes back', async () => {
    const url = await serve();
    const page = harness.page(url, { compared: ['solana', 'nobody'] });
    const { epoch, seq, closes } = await page.snapshot();
    expect(closes).toEqual([
      { coin: 'solana', hours: expected('solana', 0, 6), reset: true },
      { coin: 'nobody', hours: [], reset: true },
    ]);
    page.close();
    const watcher = harness.page(url, { compared: ['solana'] });
    await watcher.snapshot();
    await harness.feeder.publish(hours(6, 8));
    // What a snapshot has may not have been flushed yet: only a batch tells that it is.
    const flushed = () => new Map(watcher.batches.flatMap(({ closes = [] }) => closes.flatMap((of) => of.hours)));
    await watcher.until(
      () => [6, 7].every((hour) => flushed().get(begin + hour * HOUR_MS) != null),
      'the change is flushed',
    );
    const again = harness.page(url, { epoch, seq, compared: ['solana'] });
    const { kind, frame } = await again.first();
    expect(kind).toBe('batch');
    expect(frame.closes?.[0]?.hours.slice(-2)).toEqual(expected('solana', 6, 8));
  });

  it('hears of a removed hour, and of nothing once it compares no more', async () => {
    const { feeder } = harness;
    const page = harness.page(await serve(), { compared: ['solana'] });
    await page.first();
    const ts = begin + 2 * HOUR_MS;
    await feeder.append(feeder.record('pulse.features_hourly', 'solana', `solana|${new Date(ts).toISOString()}`, null));
    await page.until(() => page.batches.some(({ closes }) => closes !== undefined), 'the hour goes');
    expect(page.batches.flatMap(({ closes = [] }) => closes)).toEqual([{ coin: 'solana', hours: [[ts, null]] }]);
    expect(await page.compare([])).toEqual({ kind: 'closes', closes: [] });
    const before = page.batches.length;
    await feeder.publish(hours(6, 7));
    await page.until(() => page.rows.get('solana')?.ts === begin + 6 * HOUR_MS, 'the market goes on');
    expect(page.batches.slice(before).every(({ closes }) => closes === undefined)).toBe(true);
  });

  it('is refused what is no list of at most four coins, and floods', async () => {
    const page = harness.page(await serve());
    await page.first();
    for (const asked of [null, 'bitcoin', [7], [''], ['a', 'b', 'c', 'd', 'e'], ['x'.repeat(600)], { 0: 'a' }])
      expect(await page.compare(asked)).toMatchObject({ kind: 'refused', reason: expect.any(String) as string });
    const answers = await Promise.all(Array.from({ length: 60 }, () => page.compare(['solana'])));
    expect(answers.at(-1)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('too many') as string });
  });
});
