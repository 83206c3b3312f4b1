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

  it('finds no room either where the others only hold their connections, and room again once they are gone', async () => {
    const url = await serve({ limits: { maxClients: 3 } });
    const silent = [await raw(url), await raw(url), await raw(url)];
    await expect(raw(url)).rejects.toThrow('refused with 4');
    for (const socket of silent) socket.destroy();
    await until(
      () =>
        raw(url).then(
          () => true,
          () => false,
        ),
      'there is room',
    );
  });

  it('may join and leave a thousand times: nobody else notices, and nothing of it stays', async () => {
    const { feeder } = harness;
    const url = await serve({ limits: { maxClients: 50 } });
    const page = harness.page(url);
    await page.snapshot();
    await feeder.publish(ticks.slice(0, 30));
    let [joined, refused] = [0, 0];
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 25; i++) {
        try {
          const socket = await raw(url);
          socket.write(textFrame(`40{"coin":"coin-${i}","compared":["a","b"]}`));
          joined += 1;
          if (i % 2 === 0) socket.destroy();
        } catch {
          refused += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 40 }, flood));
    expect(joined + refused).toBe(1000);
    expect(joined).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(0);
    await feeder.publish(ticks.slice(30, 60));
    await page.until(
      () => page.rows.size === new Set(ticks.slice(0, 60).map(({ coin }) => coin)).size,
      'all coins come',
    );
    const [first] = page.batches;
    expect(page.batches.map(({ since }) => since)).toEqual(page.batches.map((_, i) => (first?.since ?? NaN) + i));
    for (const socket of sockets) socket.destroy();
    const clients = async (): Promise<number> =>
      Number(/^pulse_web_clients (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? NaN);
    await until(async () => (await clients()) === 1, 'the page alone is connected');
    expect(page.isConnected).toBe(true);
  });

  it.each([
    ['a namespace that is not there', '40/admin,'],
    ['a hello that is no object', '40[1,2]'],
    ['bytes that were announced and never come', '451-["watch",{"_placeholder":true,"num":0}]'],
    ['an event of another kind', '42["snapshot",{"seq":9}]'],
    [
      'a coin of markup, a prototype and a number that is none',
      '421["watch",{"__proto__":{"a":1},"coin":"<img>","seq":NaN}]',
    ],
  ])('changes nothing with %s', async (_, text) => {
    const url = await serve();
    const socket = await raw(url);
    for (const sent of ['40', text, text]) socket.write(textFrame(sent));
    socket.resume();
    const page = harness.page(url);
    await page.snapshot();
    await harness.feeder.publish(ticks.slice(0, 30));
    await page.until(() => page.rows.size > 0, 'what comes, comes');
    expect(await page.watch('<img src=x onerror=alert(1)>')).toEqual({ kind: 'unknown-coin' });
    expect({}).not.toHaveProperty('a');
  });

  it('is cut off at a frame that says it is larger than any memory', async () => {
    const url = await serve();
    const socket = await raw(url);
    const ended = once(socket, 'close');
    // A text frame of 2^62 bytes, masked: none of them follows.
    socket.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    socket.resume();
    await ended;
    await harness.page(url).snapshot();
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
    // Who is behind for a moment only, on a slow machine, has missed nothing: three flushes on end find it so.
    let held = 0;
    const isHeld = async (): Promise<boolean> => (await metric(url, 'behind')) > (await metric(url, 'resumed'));
    await publishUntil(page, async () => (held = (await isHeld()) ? held + 1 : 0) === 3, 'it misses some');
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
