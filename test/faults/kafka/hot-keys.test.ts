import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import type { Popularity } from '../../../src/streams/skew-lab/lab-spec.ts';
import { detours } from '../../support/detours.ts';
import type { RunningPulse } from '../../support/pulse.ts';
import { skewedMarket } from '../../support/skewed-market.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';

const QUOTES = 12_000;
const SKEWS: readonly Popularity[] = [
  { kind: 'zipf', exponent: 1 },
  { kind: 'hot', share: 0.9 },
  { kind: 'zipf', exponent: 2 },
  { kind: 'zipf', exponent: 1.5 },
];
const STRATEGIES = ['salted', 'adaptive', 'salted', 'naive'] as const;

describe('quotes whose skew changes: Zipf 1.0, one coin with 90 %, Zipf 2.0, Zipf 1.5', () => {
  it('leave the tables of a batch job with two instances, salted and not, one killed with -9 in each skew', async () => {
    const seed = String(Date.now());
    console.log(`hot keys seed ${seed}`);
    const random = seededRandom(seed);
    const records = SKEWS.flatMap((skew) => skewedMarket({ skew, coins: 50, quotes: QUOTES, hours: 60 }, random));
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'hot-keys' });
    const feed = await SourceFeed.open({
      ...{ brokers: namespace.brokers, topic: namespace.topic('coingecko.markets'), records },
    });
    const begin = (turn: number): Promise<RunningPulse> =>
      namespace.begin({ PULSE_HOT_KEYS: STRATEGIES[turn % STRATEGIES.length] ?? 'salted' });
    const instances = await Promise.all([begin(0), begin(1)]);
    for (const turn of SKEWS.keys()) {
      const until = Math.max(1, feed.left - QUOTES);
      await feed.sendWhile(() => feed.left > until, { count: 500, everyMs: 120 });
      const [victim] = instances.splice(Math.floor(random() * instances.length), 1);
      victim?.child.kill('SIGKILL');
      instances.push(await begin(turn + 2));
    }
    await feed.send();
    await namespace.finish(instances);

    const { forwarded, unbundled } = await detours(namespace.env);
    console.log(`${forwarded} of ${records.length} records took the detour`);
    expect(forwarded).toBeGreaterThan(QUOTES / 50);
    expect(unbundled).toBe(forwarded);
    await namespace.expectTables(records);
  });
});
