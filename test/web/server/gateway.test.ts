import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MarketRow } from '../../../src/web/contract.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import type { TestPage } from '../../support/web/test-page.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const hours = (from: number, to: number) =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const serve = async (options = {}): Promise<string> => {
  const { url } = await harness.serve(options);
  await ready(url);
  return url;
};

/** Waits until the flush has come that holds whatever changed before: that of a first quote of a coin named `marker`. */
async function flushed(page: TestPage): Promise<void> {
  await harness.feeder.publish([{ ...ticks[0]!, coin: 'marker' }]);
  await page.until(() => page.batches.some(({ coins = [] }) => coins.some(({ coin }) => coin === 'marker')), 'a flush');
}

/** What the plain tables say of a coin, as far as a market row shows it. */
function expectRow(row: MarketRow | undefined, coin: string, columns: readonly { readonly name: string }[]): void {
  const { tables } = harness.feeder;
  const ts = tables.newest(coin);
  const figures = { ...tables.mover(coin), ...tables.features(coin, ts) };
  expect(row).toMatchObject({ coin, ts, price: figures['price'], volume: figures['volume'], final: false });
  expect(row?.values).toEqual(columns.map(({ name }) => figures[name]));
  const hours = Array.from({ length: 24 }, (_, i) => ts - (23 - i) * HOUR_MS);
  expect(row?.spark).toEqual(hours.map((at) => (at < begin ? null : tables.silver(coin, at)['price'])));
}

/** All 30 coins of the market. */
function expectRows({ rows }: TestPage, columns: readonly { readonly name: string }[]): void {
  expect(rows.size).toBe(30);
  for (const [coin, row] of rows) expectRow(row, coin, columns);
}

function isMet(expectation: () => void): boolean {
  try {
    expectation();
    return true;
  } catch {
    return false;
  }
}

describe('a page that connects', () => {
  it('gets every coin at its newest hour, with its 24 hours, equal to a plain computation', async () => {
    await harness.feeder.publish(hours(0, 30));
    const page = harness.page(await serve());
    const { coins, columns } = await page.snapshot();
    expect(coins).toHaveLength(30);
    for (const row of coins) expectRow(row, row.coin, columns);
  });

  it('gets batches numbered without a gap, and follows the tables with them', async () => {
    await harness.feeder.publish(hours(0, 2));
    const page = harness.page(await serve());
    const { seq, columns } = await page.snapshot();
    for (let hour = 2; hour < 8; hour++) {
      await harness.feeder.publish(hours(hour, hour + 1));
      await page.until(
        () => page.rows.get('bitcoin')?.price === harness.feeder.tables.mover('bitcoin')['price'] && page.seq > seq,
        `hour ${hour} arrives`,
      );
    }
    const numbers = page.batches.map(({ since, seq: to }) => [since, to]);
    expect(numbers).toEqual(numbers.map((_, i) => [seq + i, seq + i + 1]));
    await page.until(() => isMet(() => expectRows(page, columns)), 'the last change arrives');
    expectRows(page, columns);
  });

  it('gets one frame a flush, in which the latest value of a row wins', async () => {
    await harness.feeder.publish(hours(0, 1));
    const page = harness.page(
      await serve({ pace: { everyMs: 400, keyMs: 0, slowestMs: 0, burst: 1, quietMs: 400, gatherMs: 400 } }),
    );
    await flushed(page);
    const before = page.batches.length;
    const bitcoin = hours(1, 2).filter(({ coin }) => coin === 'bitcoin');
    await Promise.all(bitcoin.map((tick) => harness.feeder.publish([tick])));
    await page.until(() => page.batches.length > before, 'the flush comes');
    // A commit may come as two frames: the rest of the marker's is in this one, too, then.
    const rows = (page.batches[before]?.coins ?? []).filter(({ coin }) => coin !== 'marker');
    expect(bitcoin).toHaveLength(4);
    expect(rows.map(({ coin, price }) => [coin, price])).toEqual([['bitcoin', bitcoin.at(-1)!.price]]);
  });

  it('hears nothing when nothing changes', async () => {
    await harness.feeder.publish(hours(0, 1));
    const page = harness.page(await serve());
    const { seq } = await page.snapshot();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await harness.feeder.publish(hours(1, 2).slice(0, 1));
    await page.until(() => page.batches.length > 0, 'the next change comes');
    expect(page.batches[0]).toMatchObject({ since: seq, seq: seq + 1 });
  });
});

describe('a page that comes back', () => {
  it('gets what it missed in one batch, with the values of now', async () => {
    await harness.feeder.publish(hours(0, 3));
    const url = await serve();
    const before = harness.page(url, { coin: 'bitcoin' });
    const { epoch, seq } = await before.snapshot();
    before.close();
    const witness = harness.page(url);
    const { columns } = await witness.snapshot();
    for (const hour of [3, 4]) {
      await harness.feeder.publish(hours(hour, hour + 1));
      // One commit may come in several batches: the features after their prices.
      await witness.until(() => isMet(() => expectRows(witness, columns)), 'the hour is there');
    }
    const known = witness.seq;
    const after = harness.page(url, { epoch, seq, coin: 'bitcoin' });
    const { kind, frame } = await after.first();
    expect(kind).toBe('batch');
    expect(frame).toMatchObject({ since: seq });
    expect(frame.seq).toBeGreaterThanOrEqual(known);
    expectRows(after, columns);
    expect([...after.hours.keys()]).toContain(begin + 4 * HOUR_MS);
  });

  it.each([
    ['another life of the server', (seq: number) => ({ epoch: 'another', seq })],
    ['a number that never was', (seq: number, epoch: string) => ({ epoch, seq: seq + 5 })],
    ['nonsense', (_: number, epoch: string) => ({ epoch, seq: 'x', coin: { $gt: '' } })],
  ])('gets a snapshot when it names %s', async (_, hello) => {
    await harness.feeder.publish(hours(0, 1));
    const url = await serve();
    const { epoch, seq } = await harness.page(url).snapshot();
    const { kind } = await harness.page(url, hello(seq, epoch)).first();
    expect(kind).toBe('snapshot');
  });
});

describe('a page that follows a coin', () => {
  it('gets its hours with the snapshot, and its changed hours alone after that', async () => {
    await harness.feeder.publish(hours(0, 80));
    const page = harness.page(await serve(), { coin: 'solana' });
    const { history } = await page.snapshot();
    expect(history?.rows.map(({ ts }) => ts)).toEqual(Array.from({ length: 80 }, (_, i) => begin + i * HOUR_MS));
    await harness.feeder.publish(hours(80, 81));
    await page.until(() => page.hours.size === 81, 'the new hour comes');
    expect(page.batches.flatMap(({ history: change }) => change?.rows.map(({ ts }) => ts) ?? [])).toEqual(
      expect.arrayContaining([begin + 80 * HOUR_MS]),
    );
    expect(page.batches.every(({ history: change }) => change === undefined || change.coin === 'solana')).toBe(true);
  });

  it('gets a late correction as the hour and the hours that it reaches', async () => {
    await harness.feeder.publish(hours(0, 80));
    const page = harness.page(await serve(), { coin: 'solana' });
    const { columns } = await page.snapshot();
    await flushed(page);
    const before = page.batches.length;
    const late = { ...hours(4, 5).find(({ coin }) => coin === 'solana')!, price: 99.5 };
    await harness.feeder.publish([{ ...late, at: begin + 5 * HOUR_MS - 1 }]);
    await page.until(() => page.hours.get(begin + 4 * HOUR_MS)?.high === 99.5, 'the correction comes');
    const sent = (): Set<number> =>
      new Set(page.batches.slice(before).flatMap(({ history }) => history?.rows.map(({ ts }) => ts) ?? []));
    await page.until(() => sent().size >= 72, 'all that it reaches');
    const ma72 = columns.findIndex(({ name }) => name === 'ma_72');
    for (const [ts, row] of page.hours) {
      expect(row.price).toBe(harness.feeder.tables.silver('solana', ts)['price']);
      expect(row.values[ma72]).toBe(harness.feeder.tables.features('solana', ts)['ma_72']);
    }
    expect([...sent()].sort((a, b) => a - b)).toEqual(Array.from({ length: 72 }, (_, i) => begin + (4 + i) * HOUR_MS));
  });

  it('gets the hours that the market has reached, whatever date one of them has from the future', async () => {
    await harness.feeder.publish(hours(0, 30));
    const future = Date.UTC(2099, 0, 1);
    await harness.feeder.publish([{ ...hours(29, 30).find(({ coin }) => coin === 'solana')!, at: future }]);
    const page = harness.page(await serve(), { coin: 'solana', compared: ['solana'] });
    const { history, closes } = await page.snapshot();
    const reached = Array.from({ length: 30 }, (_, i) => begin + i * HOUR_MS);
    expect(history?.rows.map(({ ts }) => ts)).toEqual(reached);
    expect(closes?.map((of) => of.hours.map(([ts]) => ts))).toEqual([reached]);
  });

  it('changes the coin, and hears of a coin that is not there yet as soon as it comes', async () => {
    await harness.feeder.publish(hours(0, 2));
    const page = harness.page(await serve(), { coin: 'bitcoin' });
    await page.snapshot();
    expect(await page.watch('solana')).toMatchObject({ kind: 'history', history: { coin: 'solana' } });
    expect(await page.watch('newcomer')).toEqual({ kind: 'unknown-coin' });
    await harness.feeder.publish([{ coin: 'newcomer', at: begin, price: 1, volume: 1 }]);
    await page.until(() => page.batches.some(({ history }) => history?.coin === 'newcomer'), 'the newcomer comes');
    expect(await page.watch(null)).toEqual({ kind: 'none' });
  });

  it('is told so when what it asks is malformed', async () => {
    const page = harness.page(await serve());
    await page.snapshot();
    for (const coin of [7, '', {}, ['bitcoin'], 'x'.repeat(600)])
      expect(await page.watch(coin)).toMatchObject({ kind: 'refused' });
    expect(page.isConnected).toBe(true);
  });
});

describe('a source that removes rows', () => {
  it('takes a coin whose rows are all removed off the page', async () => {
    const { feeder } = harness;
    await feeder.publish([{ coin: 'gone|coin', at: begin, price: 1, volume: 1 }]);
    const page = harness.page(await serve());
    expect((await page.snapshot()).coins).toHaveLength(1);
    const key = `gone|coin|${new Date(begin).toISOString()}`;
    await feeder.append(
      feeder.record('pulse.features_hourly', 'gone|coin', key, null),
      feeder.record('pulse.prices_hourly', 'gone|coin', key, null),
      feeder.record('pulse.top_movers_24h', 'gone|coin', 'gone|coin', null),
    );
    await page.until(() => page.rows.size === 0, 'the coin is gone');
  });
});
