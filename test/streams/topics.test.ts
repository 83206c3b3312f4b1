import { expect, it } from 'vitest';
import { inNamespace, topicNames, topicSpecs } from '../../src/streams/topics.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

it('the topics are those that consumers know, each with its cleanup', () => {
  expect(topicSpecs('', 3).map(({ name, partitions, cleanup }) => [name, partitions, cleanup])).toEqual([
    ['coingecko.markets', 3, { kind: 'delete', retentionMs: MONTH_MS }],
    ['pulse.hot', 3, { kind: 'purge' }],
    ['pulse.partials', 3, { kind: 'purge' }],
    ['pulse.prices_hourly', 3, { kind: 'compact' }],
    ['pulse.features_hourly', 3, { kind: 'compact' }],
    ['pulse.top_movers_24h', 3, { kind: 'compact' }],
    ['pulse.positions', 3, { kind: 'compact', tombstoneRetentionMs: 60_000 }],
    ['pulse.tasks', 3, { kind: 'compact' }],
    ['pulse.dead_letters', 3, { kind: 'delete', retentionMs: MONTH_MS }],
  ]);
});

it('a namespace goes in front of every topic, the default one in front of none', () => {
  expect(inNamespace('', 'pulse.tasks')).toBe('pulse.tasks');
  expect(inNamespace('demo', 'pulse.tasks')).toBe('demo.pulse.tasks');
  expect(Object.values(topicNames('demo')).sort()).toEqual(
    topicSpecs('demo', 1)
      .map(({ name }) => name)
      .sort(),
  );
  expect(topicNames('demo')).toMatchObject({ prices: 'demo.pulse.prices_hourly', markets: 'demo.coingecko.markets' });
});
