import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetters, Pipeline, TailAnswer } from '../../../src/web/pipeline-contract.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const serve = async (): Promise<string> => {
  const { url } = await harness.serve();
  await ready(url);
  return url;
};
const letter = (partition: number, value: string | Buffer) => ({
  ...{ topic: 'pulse.dead_letters', partition, key: 'bitcoin', value },
  headers: { topic: 'coingecko.markets', partition: String(partition), offset: '7', reason: 'not-json', error: 'no {' },
});
const page = async (url: string, query = ''): Promise<DeadLetters> =>
  (await (await fetch(`${url}/api/dead-letters${query}`)).json()) as DeadLetters;

describe('dead letters', () => {
  it('are paged down a partition without a gap or a double, and their bytes come whole', async () => {
    const bytes = Buffer.from(Array.from({ length: 65_536 }, (_, i) => i % 256));
    for (let i = 0; i < 45; i++) await harness.feeder.append(letter(1, `<b>${i}</b>\u202e`));
    await harness.feeder.append(letter(1, bytes));
    const url = await serve();
    const offsets: number[] = [];
    for (let before: DeadLetters['next'] = 46; before !== null;) {
      const { letters, next }: DeadLetters = await page(url, `?partition=1&limit=10&before=${before}`);
      offsets.push(...letters.map(({ offset }) => offset));
      before = next;
    }
    expect(offsets).toEqual(Array.from({ length: 46 }, (_, i) => 45 - i));
    const { letters, partitions } = await page(url, '?limit=2');
    expect(partitions.map(({ end }) => end)).toEqual([0, 46]);
    expect(letters[0]).toMatchObject({ form: 'hex', bytes: 65_536, reason: 'not-json', from: { offset: 7 } });
    expect(letters[0]?.value?.length).toBeLessThan(1000);
    expect(letters[1]).toMatchObject({ form: 'text', value: '<b>44</b>⟨U+202E⟩' });
    const whole = await fetch(`${url}${letters[0]?.href ?? ''}`);
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('are paged over all partitions, the newest first, without a gap or a double', async () => {
    for (let i = 0; i < 37; i++) await harness.feeder.append(letter(i % 3 === 0 ? 0 : 1, String(i)));
    const url = await serve();
    const seen: string[] = [];
    let pages = 0;
    for (let before: DeadLetters['next'] | undefined; before !== null; pages++) {
      const { letters, next }: DeadLetters = await page(url, `?limit=10${before ? `&before=${before}` : ''}`);
      expect(letters.length).toBeLessThanOrEqual(10);
      seen.push(...letters.map(({ partition, offset }) => `${partition}/${offset}`));
      before = next;
      // What comes meanwhile is on none of the older pages.
      await harness.feeder.append(letter(0, 'later'));
    }
    expect(pages).toBe(4);
    expect(seen).toHaveLength(37);
    const of = (partition: number): number[] =>
      seen.filter((at) => at.startsWith(`${partition}/`)).map((at) => Number(at.slice(2)));
    expect(of(0)).toEqual(Array.from({ length: 13 }, (_, i) => 12 - i));
    expect(of(1)).toEqual(Array.from({ length: 24 }, (_, i) => 23 - i));
  });

  it.each([
    ['?partition=x', 400],
    ['?before=3', 400],
    ['?before=0:3,', 400],
    ['?before=0:-3', 400],
    ['?partition=0&before=0:3', 400],
    ['?limit=101', 400],
    ['?limit=NaN', 400],
    ['?partition=0&before=1e9', 400],
    ['?from=1', 400],
    ['/0/999', 404],
    ['/9/0', 404],
    ['/0/-1', 404],
    ['/0/0/0', 404],
  ])('are refused for %s', async (path, status) => {
    expect((await fetch(`${await serve()}/api/dead-letters${path}`)).status).toBe(status);
  });
});

describe('a rebalance', () => {
  it('is told with its owners, once, and outlives the next report', async () => {
    const { feeder } = harness;
    const task = { stage: 'combine', topic: 'coingecko.markets', partition: 0 };
    for (const owner of ['a:1', 'a:1', 'b:2', 'b:2']) await feeder.reportStage({ ...task, owner });
    const url = await serve();
    const { rebalances, tasks } = (await (await fetch(`${url}/api/pipeline`)).json()) as Pipeline;
    expect(rebalances).toMatchObject([{ ...task, from: 'a:1', to: 'b:2' }]);
    expect(tasks).toMatchObject([{ ...task, owner: 'b:2' }]);
  });
});

describe('a tail', () => {
  const tail = (url: string) => {
    const client = harness.page(url);
    const ask = async (wish: unknown): Promise<TailAnswer> => (await client.ask('tail', wish)) as TailAnswer;
    return { client, ask };
  };

  it('tells what comes and holds the filter’s text, in one bounded frame a flush, and nobody else', async () => {
    const url = await serve();
    const { client, ask } = tail(url);
    const other = harness.page(url);
    await Promise.all([client.snapshot(), other.snapshot()]);
    expect(await ask({ topic: 'coingecko.markets', filter: 'WANTED' })).toMatchObject({ kind: 'tail' });
    const record = (i: number) => ({
      ...{ topic: 'coingecko.markets', partition: 0, key: `k${i}` },
      value: `${i % 2 === 0 ? 'wanted' : 'other'} ${'x'.repeat(5000)}`,
    });
    await harness.feeder.append(...Array.from({ length: 400 }, (_, i) => record(i)));
    const shown = (): number[] =>
      client.batches.flatMap((batch) => batch.tail?.records.map(({ offset }) => offset) ?? []);
    await client.until(() => shown().at(-1) === 398, 'the newest comes');
    expect(shown().every((offset) => offset % 2 === 0)).toBe(true);
    for (const { tail: frame } of client.batches) expect(JSON.stringify(frame ?? '').length).toBeLessThan(100_000);
    expect(other.batches.some((batch) => batch.tail !== undefined)).toBe(false);
    expect(await ask(null)).toEqual({ kind: 'none' });
  });

  it('of a topic that is just made says no more that it is not there, before its first record', async () => {
    const bare = await WebHarness.create({ topics: false });
    const { client, ask } = tail((await bare.serve()).url);
    await client.snapshot();
    await ask({ topic: 'coingecko.markets', filter: '' });
    const tails = () => client.batches.flatMap((batch) => batch.tail ?? []);
    await client
      .until(() => tails().at(-1)?.failure === 'There is no such topic yet.', 'it says why')
      .catch(() => null);
    const told = tails().length;
    await bare.feeder.createTopics();
    await client.until(() => tails().length > told && tails().at(-1)?.failure === undefined, 'it is there');
    expect(tails().at(-1)).toMatchObject({ records: [], skipped: 0 });
    await bare.close();
  });

  it('is refused for what is malformed, and does no harm', async () => {
    const { client, ask } = tail(await serve());
    await client.snapshot();
    for (const wish of [
      7,
      {},
      { topic: 'x', filter: '' },
      { topic: 'pulse.tasks' },
      { topic: 'pulse.tasks', filter: NaN },
    ])
      expect(await ask(wish)).toMatchObject({ kind: 'refused' });
    expect(await ask({ topic: 'pulse.tasks', filter: 'x'.repeat(201) })).toMatchObject({ kind: 'refused' });
    expect(await client.ask('pipeline', 'yes')).toMatchObject({ kind: 'refused' });
    expect(client.isConnected).toBe(true);
  });
});

describe('the pipeline’s figures', () => {
  it('come to who follows them alone, and say the lag of what nobody has processed', async () => {
    const url = await serve();
    const [page, other] = [harness.page(url), harness.page(url)];
    await Promise.all([page.snapshot(), other.snapshot()]);
    await harness.feeder.append({ topic: 'coingecko.markets', partition: 0, key: 'k', value: '{}' });
    expect(await page.ask('pipeline', true)).toMatchObject({ kind: 'pipeline' });
    const lag = (): number | null | undefined =>
      page.batches.at(-1)?.pipeline?.edges.find(({ reader }) => reader === 'combine')?.lag;
    await until(() => lag() === 1, 'the lag is told');
    expect(other.batches.some(({ pipeline }) => pipeline !== undefined)).toBe(false);
  });
});
