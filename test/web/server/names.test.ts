import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CoinNames } from '../../../src/web/server/view/coin-names.ts';
import { topics } from '../../../src/streams/topics.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';

const ticks = sampleTicks();
const quote = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const named = (coin: string, name: unknown, symbol: unknown = null) =>
  harness.feeder.record(topics.markets.name, coin, coin, JSON.stringify({ id: coin, name, symbol }));

describe('the names of coins', () => {
  it('are what their newest quotes say, and reach a page that is open', async () => {
    const { feeder } = harness;
    await feeder.publish(ticks.slice(0, 30));
    await feeder.append(named('bitcoin', 'Bitcoin', 'btc'), named('stellar', '  Stellar '));
    const { url } = await harness.serve();
    await ready(url);
    const early = harness.page(url);
    await early.until(() => early.names.has('bitcoin') && early.names.has('stellar'), 'the names come');
    expect(early.names.get('bitcoin')).toEqual({ coin: 'bitcoin', name: 'Bitcoin', symbol: 'BTC' });
    expect(early.names.get('stellar')).toEqual({ coin: 'stellar', name: 'Stellar', symbol: null });
    const late = harness.page(url);
    expect((await late.snapshot()).names.map(({ coin }) => coin).sort()).toEqual(['bitcoin', 'stellar']);
    await feeder.append(named('solana', 'Solana', 'sol'));
    await early.until(() => early.names.has('solana'), 'a name comes later');
  });

  it('are not taken from what is no quote', () => {
    const names = new CoinNames();
    const none = ['', '{', 'null', '[]', '7', { id: 'a' }, { name: 'A' }, { id: 'a', name: 7 }, { id: 'a', name: ' ' }];
    for (const value of [...none, { id: 'a', name: 'x'.repeat(101) }, { id: 'x'.repeat(600), name: 'A' }])
      expect(names.learn(quote(value))).toBeUndefined();
    expect(names.learn(quote({ id: 'a', name: '<b>A</b>', symbol: 'x'.repeat(101) }))).toBe('a');
    expect(names.all()).toEqual([{ coin: 'a', name: '<b>A</b>', symbol: null }]);
  });

  it('are no more than 20,000: those learnt first are forgotten', () => {
    const names = new CoinNames();
    for (let i = 0; i < 20_001; i++) names.learn(quote({ id: `c${i}`, name: 'A' }));
    expect(names.all()).toHaveLength(20_000);
    expect(names.get('c0')).toBeUndefined();
    expect(names.get('c20000')).toBeDefined();
  });
});
