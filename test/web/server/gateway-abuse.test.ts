import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawWebsocket, textFrame } from '../../support/web/raw-websocket.ts';
import type { TestPage } from '../../support/web/test-page.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';
import { ready, until, WebHarness } from '../../support/web/web-harness.ts';

const ticks = sampleTicks();

let harness: WebHarness;
let sockets: Socket[] = [];
beforeEach(async () => {
  harness = await WebHarness.create();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await harness.close();
});

const serve = async (options = {}): Promise<string> => {
  const { url } = await harness.serve(options);
  await ready(url);
  return url;
};

const metric = async (url: string, event: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`pulse_web_gateway_total\\{event="${event}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

const raw = async (url: string, headers?: Record<string, string>): Promise<Socket> => {
  const socket = await rawWebsocket(url, headers);
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
};

describe('the origin of a websocket', () => {
  it('must be the server’s own, or an allowed one; programs have none', async () => {
    const url = await serve({ allowedOrigins: ['https://ops.example.org'] });
    for (const origin of [url, 'https://ops.example.org'])
      expect((await harness.page(url, {}, { origin }).first()).kind).toBe('snapshot');
    expect((await harness.page(url).first()).kind).toBe('snapshot');
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null', `${url}.evil.example`, 'x'])
      await expect(raw(url, { origin })).rejects.toThrow('refused with 4');
    expect(await metric(url, 'refused')).toBe(5);
  });
});

describe('a client that sends too much', () => {
  it('is cut off at an oversized message, and nobody else is', async () => {
    const url = await serve();
    const [page, other] = [harness.page(url), harness.page(url)];
    await Promise.all([page.snapshot(), other.snapshot()]);
    page.send('watch', 'x'.repeat(10_000));
    await page.closed();
    expect(await other.watch('bitcoin')).toEqual({ kind: 'unknown-coin' });
  });

  it('is refused above its rate, and cut off when it floods', async () => {
    const limits = { requests: { burst: 3, perSecond: 0.001 }, packets: { burst: 30, perSecond: 0.001 } };
    const url = await serve({ limits });
    const page = harness.page(url);
    await page.snapshot();
    for (let i = 0; i < 3; i++) expect(await page.watch('bitcoin')).toEqual({ kind: 'unknown-coin' });
    expect(await page.watch('bitcoin')).toMatchObject({ kind: 'refused' });
    for (let i = 0; i < 50; i++) page.send('nothing', i);
    await page.closed();
    expect(await metric(url, 'dropped')).toBe(1);
  });

  it('finds no room where enough others are connected', async () => {
    const url = await serve({ limits: { maxClients: 2 } });
    await Promise.all([harness.page(url).snapshot(), harness.page(url).snapshot()]);
    await expect(raw(url)).rejects.toThrow('refused with 4');
  });

  it('does no harm with what is no protocol at all', async () => {
    const url = await serve();
    for (const text of [
      '',
      'x',
      '4',
      '42',
      '42["watch"]',
      '42["watch",null]',
      '420["watch"',
      '40{"epoch":',
      '45-["x"]',
    ]) {
      const socket = await raw(url);
      socket.write(textFrame('40'));
      socket.write(textFrame(text));
      socket.resume();
    }
    const page = harness.page(url);
    await page.snapshot();
    expect(await page.watch('bitcoin')).toEqual({ kind: 'unknown-coin' });
  });
});

describe('a client that stops reading', () => {
  const coins = Array.from({ length: 4000 }, (_, i) => `${'coin-'.repeat(40)}${i}`);
  const { price, volume, at } = ticks[0]!;

  /** A new price of every coin: about a megabyte to every page. */
  const publish = (step: number): Promise<void> => {
    const ts = new Date(Math.floor(at / 3_600_000) * 3_600_000).toISOString();
    const row = { ts, price: price + step, market_cap: null, volume, final: false };
    const { feeder } = harness;
    return feeder.append(
      ...coins.map((coin) =>
        feeder.record('pulse.features_hourly', coin, `${coin}|${ts}`, JSON.stringify({ coin_id: coin, ...row })),
      ),
    );
  };

  /** Publishes and sees it arrive at a page that reads, until it holds. */
  const publishUntil = async (
    page: TestPage,
    holds: () => Promise<boolean> | boolean,
    what: string,
  ): Promise<number> => {
    let step = 0;
    await until(async () => {
      step += 1;
      await publish(step);
      await page.until(() => page.rows.get(coins.at(-1)!)?.price === price + step, 'the step arrives');
      return holds();
    }, what);
    return step;
  };

  const connect = async (url: string): Promise<readonly [TestPage, Socket]> => {
    await publish(0);
    const page = harness.page(url);
    await page.until(() => page.rows.size === coins.length, 'every coin is there');
    const stalled = await raw(url);
    stalled.write(textFrame('40'));
    stalled.pause();
    return [page, stalled];
  };

  it('is dropped after a while, and hurts nobody', async () => {
    const url = await serve({ limits: { drainMs: 300 } });
    const [page, stalled] = await connect(url);
    const closed = once(stalled, 'close');
    const steps = await publishUntil(page, async () => (await metric(url, 'dropped')) > 0, 'it is dropped');
    stalled.resume();
    await closed;
    expect(page.isConnected).toBe(true);
    expect([...page.rows.values()].every((row) => row.price === price + steps)).toBe(true);
  });

  it('gets what it missed in one frame when it reads again in time', async () => {
    const url = await serve({ limits: { drainMs: 600_000 } });
    const [page, stalled] = await connect(url);
    await publishUntil(page, async () => (await metric(url, 'behind')) > 0, 'nothing more fits into the connection');
    await publishUntil(page, () => true, 'one more is missed');
    const ranges: (readonly [number, number])[] = [];
    let text = '';
    stalled.on('data', (bytes: Buffer) => {
      text = text.slice(-200) + bytes.toString('latin1');
      for (const [, since, seq] of text.matchAll(/"since":(\d+),"seq":(\d+)/g))
        if (Number(since) >= (ranges.at(-1)?.[1] ?? 0)) ranges.push([Number(since), Number(seq)]);
    });
    stalled.resume();
    await until(() => ranges.at(-1)?.[1] === page.seq, 'it has caught up');
    expect(ranges.slice(1).every(([since], i) => since === ranges[i]?.[1])).toBe(true);
    expect(Math.max(...ranges.map(([since, seq]) => seq - since))).toBeGreaterThan(1);
  });
});
