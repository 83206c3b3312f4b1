import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import { partitionOf } from '../../../src/streams/log/partition-of.ts';
import type { Status } from '../../../src/web/contract.ts';
import { ShiftedTime } from '../../support/log-contract-tools.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

const [tick] = sampleTicks();
const PARTITIONS = 2;
/** A coin in each partition. */
const [early, late] = ['bitcoin', 'solana', 'stellar', 'pepe'].reduce<(string | undefined)[]>((found, coin) => {
  found[partitionOf(coin, PARTITIONS)] ??= coin;
  return found;
}, []) as [string, string];

let time: ShiftedTime;
let harness: WebHarness;
beforeEach(async () => {
  time = new ShiftedTime();
  harness = await WebHarness.create({ partitions: PARTITIONS, time });
});
afterEach(() => harness.close());

const rows = (coin: string): Promise<void> => harness.feeder.publish([{ ...tick!, coin }]);
const quote = (coin: string): Promise<void> =>
  harness.feeder.append(harness.feeder.record('coingecko.markets', coin, coin, '{}'));
/** The first stage has read its partition up to there. */
const combined = (coin: string, offset: number): Promise<void> => {
  const key = `combine|coingecko.markets|${partitionOf(coin, PARTITIONS)}`;
  return harness.feeder.append(harness.feeder.record('pulse.positions', coin, key, JSON.stringify({ offset })));
};
const isArriving = async (url: string): Promise<boolean> =>
  ((await (await fetch(`${url}/api/status`)).json()) as Status).view.isArriving;

async function serve(): Promise<string> {
  const { url } = await harness.serve();
  await ready(url);
  return url;
}

describe('a market that begins', () => {
  it('is arriving until all has come that was published with its first coin, and says both at once', async () => {
    const page = harness.page(await serve());
    expect((await page.snapshot()).status.view.isArriving).toBe(false);
    await quote(early);
    await quote(late);
    await rows(early);
    await combined(early, 1);
    await page.until(() => page.batches.some(({ status }) => status?.view.isArriving === true), 'it begins');
    // The first coin is not told before.
    const told = page.batches.findIndex(({ status }) => status?.view.isArriving === true);
    expect(page.batches.findIndex(({ coins = [] }) => coins.length > 0)).toBeGreaterThanOrEqual(told);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.batches.at(-1)?.status?.view.isArriving ?? true).toBe(true);
    await rows(late);
    await combined(late, 1);
    // By the offsets, not because nothing came any more: no time has passed.
    await page.until(() => page.batches.at(-1)?.status?.view.isArriving === false, 'it is over');
    expect([...page.rows.keys()].sort()).toEqual([early, late].sort());
  });

  it('has arrived after a rest, where no offset tells', async () => {
    const url = await serve();
    await quote(late);
    await rows(early);
    await until(() => isArriving(url), 'it begins');
    time.advance(1400);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await isArriving(url)).toBe(true);
    time.advance(100);
    await until(async () => !(await isArriving(url)), 'it is over');
  });

  it('is not awaited where coins are there already', async () => {
    const view = openMemoryView();
    await rows(early);
    const first = await harness.serve({ openView: async () => view });
    await ready(first.url);
    await until(async () => !(await isArriving(first.url)), 'the first has it');
    await quote(late);
    await first.close();
    const second = await harness.serve({ openView: async () => view });
    await ready(second.url);
    await rows('another');
    const page = harness.page(second.url);
    await page.until(() => page.rows.has('another'), 'another coin is there');
    expect(page.batches.some(({ status }) => status?.view.isArriving === true)).toBe(false);
    expect(await isArriving(second.url)).toBe(false);
  });
});
