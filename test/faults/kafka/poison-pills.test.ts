import { randomBytes } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { oracleTables } from '../../support/oracle/oracle-tables.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { SourceRecord } from '../../support/oracle/source-record.ts';
import { kcatHeader, kcatRecords } from './support/kcat-table.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';

/** The most that a record batch of one random value has room for: a broker takes 1,048,588 bytes with what encloses it. */
const LARGEST_VALUE = 1_048_430;

const headers = { source: 'recorded', observed_at: '2023-12-01T12:00:00.000Z' };
const poison = (value: Buffer | null, key: string | null = 'bitcoin'): SourceRecord => ({
  ...{ key: key === null ? null : Buffer.from(key), value, headers, timestamp: 0 },
});
const tick = (fields: object): Buffer =>
  Buffer.from(JSON.stringify({ id: 'bitcoin', current_price: 1, last_updated: '2023-12-01T11:59:00.000Z', ...fields }));

/** What can't be used, and two that can in spite of their key. */
const quotes: readonly SourceRecord[] = [
  poison(randomBytes(300)),
  poison(randomBytes(LARGEST_VALUE), null),
  poison(null),
  poison(null, null),
  poison(Buffer.from('{"id":"bitcoin",')),
  poison(Buffer.from('[]')),
  poison(tick({ id: '' })),
  poison(tick({ current_price: -1 })),
  poison(tick({ last_updated: 'yesterday' })),
  poison(tick({ last_updated: '2023-12-01T13:00:00.000Z' })),
  { ...poison(tick({})), headers: { observed_at: 'soon' } },
  poison(tick({ current_price: null })),
  poison(tick({ name: 'x'.repeat(900_000) }), 'somebody-else'),
  poison(tick({ current_price: 2 }), null),
];

const partials: readonly SourceRecord[] = [
  poison(randomBytes(300)),
  poison(randomBytes(LARGEST_VALUE), null),
  poison(null),
  poison(Buffer.from('{"coin_id":')),
  poison(Buffer.from('{}')),
  poison(tick({})),
];

describe('a record that nobody can use', () => {
  it('is set aside with its reason, and the rest is processed', async () => {
    const seed = String(Date.now());
    console.log(`poison seed ${seed}`);
    const random = seededRandom(seed);
    const market = recordedRecords(disorderlyMarket(random, 1));
    const every = Math.floor(market.length / quotes.length);
    const records = market.flatMap((record, index) => [
      record,
      ...(index % every === 0 ? quotes.slice(index / every, index / every + 1) : []),
    ]);
    for (const pill of quotes) expect(records).toContain(pill);
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'poison' });
    const open = (topic: string, those: readonly SourceRecord[]) =>
      SourceFeed.open({ brokers: namespace.brokers, topic: namespace.topic(topic), records: those });
    const feed = await open('coingecko.markets', records);
    const foreign = await open('pulse.partials', partials);
    const instance = await namespace.begin();
    while (feed.left > 0) {
      await feed.send(100);
      await foreign.send(1);
    }
    expect(foreign.left).toBe(0);
    const { stderr } = await namespace.catchUp();
    await namespace.finish([instance]);
    await namespace.expectTables(records);

    const { counts } = oracleTables(records);
    const bad = Object.values(counts.deadLetters).reduce((sum, count) => sum + count, 0);
    expect(stderr).toContain(
      `${records.length} records in = ${counts.ticks} ticks + ${counts.noQuote} without a quote + ${bad} dead letters\n`,
    );
    const letters = await kcatRecords(namespace.brokers, namespace.topic('pulse.dead_letters'));
    const of = (topic: string) => letters.filter((each) => kcatHeader(each, 'topic') === namespace.topic(topic));
    const reasons: Record<string, number> = {};
    for (const letter of of('coingecko.markets')) {
      const reason = kcatHeader(letter, 'reason') ?? '';
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    expect(reasons).toEqual(counts.deadLetters);
    expect(of('pulse.partials').map((each) => kcatHeader(each, 'reason'))).toEqual(partials.map(() => 'bad-partial'));
    expect(letters.length).toBe(bad + partials.length);
    for (const letter of letters) expect(kcatHeader(letter, 'error')).toMatch(/^[^\n]+$/);
  });
});
