import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';
import { rowsWith } from '../../support/rows/rows-with.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
let registry: MemoryRegistry;
beforeEach(async () => {
  harness = await WebHarness.create();
  registry = new MemoryRegistry();
});
afterEach(() => harness.close());

const figures = { ret_1h: 0.5, ma_24: 2, n_24: 1 };

/** Publishes the hour of a coin, in Avro or in JSON. */
async function publish(coinId: string, price: number, format = rowsWith(registry)): Promise<void> {
  const writer = await format.writer();
  const row = { coinId, price, marketCap: null, volume: 3 };
  const features = writer.features({ ...row, ts: 0, features: figures, final: true });
  const mover = writer.mover({ ...row, asOf: 0, features: { ret_24h: 0.25 } });
  await harness.log.append([
    { topic: 'pulse.features_hourly', partition: 0, key: `${coinId}|1970-01-01T00:00:00.000Z`, value: features },
    { topic: 'pulse.top_movers_24h', partition: 0, key: coinId, value: mover },
  ]);
}

const told = (url: string, message: RegExp) => {
  const page = harness.page(url);
  return page.until(
    () =>
      page.heard.some(
        ({ frame }) => frame.status?.view.state === 'failing' && message.test(frame.status.view.message ?? ''),
      ),
    `it says ${message}`,
  );
};

describe('the view of rows in Avro', () => {
  it('is that of rows in JSON, with both in one topic', async () => {
    await publish('in-json', 7, rowsWith(undefined));
    await publish('in-avro', 7);
    const { url } = await harness.serve({ rows: rowsWith(registry) });
    await ready(url);
    const { coins } = (await (await fetch(`${url}/api/coins`)).json()) as { coins: Record<string, unknown>[] };
    const withoutName = coins.map((coin) => ({ ...coin, coin: '' }));
    expect(coins.map(({ coin, price }) => [coin, price])).toEqual(
      expect.arrayContaining([
        ['in-json', 7],
        ['in-avro', 7],
      ]),
    );
    expect(withoutName[0]).toEqual(withoutName[1]);
    expect(harness.warnings).toEqual([]);
  });

  it('is failing while the registry does not answer, then shows what it missed', async () => {
    await publish('a', 1);
    registry.outage = 'the registry is away';
    const { url } = await harness.serve({ rows: rowsWith(registry) });
    await told(url, /the registry is away/);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    registry.outage = undefined;
    await ready(url);
    const page = harness.page(url);
    await page.until(() => page.rows.size === 1, 'the row is there');
  });

  it('says which setting is missing where no registry is set', async () => {
    await publish('a', 1);
    const { url } = await harness.serve({ rows: rowsWith(undefined) });
    await told(url, /pulse\.features_hourly\[0\] offset 0 is Avro: set SCHEMA_REGISTRY_URL/);
  });

  it('counts a row that can’t be decoded, and shows the others', async () => {
    await publish('a', 1);
    const at = { topic: 'pulse.features_hourly', partition: 0, key: 'b|1970-01-01T00:00:00.000Z' };
    await harness.log.append([
      { ...at, value: Buffer.of(0, 0, 0, 0, 2, 1) },
      { ...at, value: Buffer.of(0, 0, 0, 0, 99, 1) },
    ]);
    await publish('c', 1);
    const { url } = await harness.serve({ rows: rowsWith(registry) });
    await ready(url);
    const page = harness.page(url);
    await page.until(() => page.rows.size === 2, 'the rows are there');
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /topic="pulse.features_hourly",outcome="unreadable"\} 2/,
    );
    expect(harness.warnings.join()).toMatch(/2 records of pulse\.features_hourly can't be shown: /);
  });
});
