import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLmdbView } from '../../../src/state/lmdb/lmdb-view.ts';
import { features } from '../../../src/streams/4-gold/features.ts';
import { HOUR_MS } from '../../../src/streams/time.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const BEGIN = Date.UTC(2024, 0, 1);

it('a view that has read rows before their feature was declared reads them again, and shows it at every hour', async () => {
  const path = join(harness.folder(), 'view');
  const told: string[] = [];
  const serve = async (declared: typeof features) => {
    const openView = (identity: Parameters<typeof openLmdbView>[0]['identity']) =>
      openLmdbView({ path, identity, onDiscard: (why) => told.push(why) });
    const server = await harness.serve({ features: declared, openView });
    await ready(server.url);
    return server;
  };
  await harness.feeder.publish(
    [0, 1].map((hour) => ({ coin: 'a', at: BEGIN + hour * HOUR_MS, price: 1 + hour, volume: 1 })),
  );
  const before = await serve(features.filter(({ name }) => name !== 'ma_24'));
  await before.close();
  const { url } = await serve(features);
  expect(told).toEqual([expect.stringMatching(/is of other columns: it is rebuilt from the log$/)]);
  const rows = (await (await fetch(`${url}/api/features/a`)).json()) as { rows: { ma_24: number }[] };
  expect(rows.rows.map(({ ma_24 }) => ma_24)).toEqual([1, 1.5]);
  const coins = (await (await fetch(`${url}/api/coins`)).json()) as {
    columns: { name: string; meaning?: string }[];
    coins: { values: number[] }[];
  };
  const at = coins.columns.findIndex(({ name }) => name === 'ma_24');
  expect(coins.columns[at]).toMatchObject({
    hours: 24,
    unit: 'price',
    meaning: 'The average price of the last 24 hours.',
  });
  expect(coins.coins[0]?.values[at]).toBe(1.5);
});
