import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { asyncScheduler } from 'rxjs';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { MarketRow } from '../../../src/web/contract.ts';
import { createFlow } from '../../../src/web/server/create-flow.ts';
import { Gateway } from '../../../src/web/server/gateway/gateway.ts';
import { silent } from '../../../src/web/server/logger.ts';
import { nothingOnDisk } from '../../../src/web/server/pipeline/disk-figures.ts';
import { ChangeSet } from '../../../src/web/server/view/change-set.ts';
import { CoinNames } from '../../../src/web/server/view/coin-names.ts';
import { MarketView } from '../../../src/web/server/view/market-view.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { FrameClient, type SeenFrame } from '../../support/web/frame-client.ts';
import { RunningPublisher } from '../../support/web/running-publisher.ts';
import { until } from '../../support/web/web-harness.ts';

const clients: FrameClient[] = [];
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});

async function connect(count: number, url: string, seen: (frame: SeenFrame, client: number) => void): Promise<void> {
  const opened = Array.from({ length: count }, (_, i) => FrameClient.open(url, (frame) => seen(frame, i)));
  clients.push(...(await Promise.all(opened)));
}

async function start(coins: number, everyMs: number, idLength = 0): Promise<RunningPublisher> {
  const publisher = await RunningPublisher.start({ coins, everyMs, idLength });
  onTestFinished(() => publisher.stop());
  return publisher;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));

const metric = async (url: string, event: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`pulse_web_gateway_total\\{event="${event}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

/** A row as far as every frame with it says it: the prices of 24 hours come once alone. */
const withoutSpark = (row: MarketRow | undefined): Partial<MarketRow> => ({ ...row, spark: [] });

/** What each client has seen: its last number, and whether one was missing. */
class Sequences {
  readonly seq: number[] = [];
  gaps = 0;

  note({ kind, since, seq }: SeenFrame, client: number): void {
    if (kind === 'batch' && since !== this.seq[client]) this.gaps += 1;
    this.seq[client] = seq;
  }
}

describe('a flush', () => {
  it('is made into bytes once, however many pages there are, and so is the snapshot of those that come together', async () => {
    const http = createServer();
    const log = createMemoryLog();
    const view = new MarketView(openMemoryView(), []);
    const common = { log, rows: jsonRows(), namespace: '', view, scheduler: asyncScheduler, logger: silent };
    const flow = createFlow({
      ...common,
      disk: async () => nothingOnDisk,
      isWatched: () => false,
      onNews: () => undefined,
    });
    const time = new ManualTime();
    const events: Record<string, number> = {};
    let looked = 0;
    const status = {
      ...{ namespace: '', source: null, stages: [], deadLetters: 0 },
      view: { state: 'live' as const, behind: 0, isArriving: false, message: null },
      // Called once by who makes it into JSON, and once before, when socket.io looks for bytes in it.
      toJSON: () => ({ looked: (looked += 1) }),
    };
    const gateway = new Gateway({
      ...{ http, flow, allowedOrigins: [], scheduler: time },
      onEvent: (event) => (events[event] = (events[event] ?? 0) + 1),
      source: { epoch: 'e', view, names: new CoinNames(), columns: [], status: () => status, now: () => Date.now() },
      limits: {
        ...{ drainMs: 10_000, maxClients: 500, maxMessageBytes: 4096 },
        requests: { burst: 40, perSecond: 10 },
        packets: { burst: 200, perSecond: 50 },
      },
    });
    onTestFinished(async () => {
      await gateway.close();
      await log.close();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const frames: SeenFrame[][] = Array.from({ length: 300 }, () => []);
    await connect(300, `http://127.0.0.1:${(http.address() as AddressInfo).port}`, (frame, i) =>
      frames[i]?.push(frame),
    );
    await until(() => gateway.clients === 300, 'all are there');
    const changes = new ChangeSet();
    changes.status = true;
    gateway.flush(changes);
    looked = 0;
    time.advance(0);
    await until(() => frames.every(({ length }) => length === 1), 'all have their snapshots');
    expect(looked).toBe(2);
    expect(events['snapshot']).toBe(300);
    looked = 0;
    for (let flush = 1; flush <= 3; flush++) {
      const changes = new ChangeSet();
      changes.status = true;
      gateway.flush(changes);
      await until(() => frames.every(({ length }) => length === flush + 1), 'all have the flush');
      expect(looked).toBe(2 * flush);
    }
    for (const seen of frames)
      expect(seen.map((frame) => JSON.parse(frame.json()) as object)).toMatchObject([
        { seq: 1 },
        { since: 1, seq: 2, status: { looked: 2 } },
        { since: 2, seq: 3, status: { looked: 4 } },
        { since: 3, seq: 4, status: { looked: 6 } },
      ]);
  });
});

describe('a thousand pages at four flushes a second', () => {
  /** A connection takes some 15 kB: sockets, and what socket.io keeps of each. Frames are shared, so they take next to nothing. */
  const MOST_KB_A_CLIENT = 32;

  it('all have every number and the latest values, in memory that follows their number alone', async () => {
    const publisher = await start(20, 250);
    const sequences = new Sequences();
    const held = Array.from({ length: 1000 }, () => new Map<string, MarketRow>());
    const before = await publisher.figures();
    await connect(1000, publisher.url, (frame, client) => {
      sequences.note(frame, client);
      const { coins = [] } = JSON.parse(frame.json()) as { readonly coins?: readonly MarketRow[] };
      for (const row of coins) held[client]?.set(row.coin, row);
    });
    await until(() => sequences.seq.filter(Number.isFinite).length === 1000, 'all have their snapshots');
    const [first] = [Math.max(...sequences.seq)];
    await until(() => Math.min(...sequences.seq) >= first + 20, 'five seconds of flushes have come');
    const during = await publisher.figures();
    publisher.hold();
    const latest = (): Promise<readonly MarketRow[]> =>
      fetch(`${publisher.url}/api/coins`).then(
        async (answer) => ((await answer.json()) as { coins: MarketRow[] }).coins,
      );
    // A commit may come as two frames, of which the first has its prices already: only whole rows tell that all is there.
    const hasAll = (rows: readonly MarketRow[], client: number): boolean =>
      rows.every((row) => isDeepStrictEqual(withoutSpark(held[client]?.get(row.coin)), withoutSpark(row)));
    let rows: readonly MarketRow[] = [];
    await until(async () => {
      rows = await latest();
      return new Set(sequences.seq).size === 1 && held.every((_, client) => hasAll(rows, client));
    }, 'all have the last number and the latest values');
    expect(rows).toHaveLength(20);
    expect(sequences.gaps).toBe(0);
    expect(await metric(publisher.url, 'behind')).toBe(0);
    expect(during.held - before.held).toBeLessThan(1000 * MOST_KB_A_CLIENT * 1e-3);
  });
});

describe('pages that stop reading', () => {
  /**
   * Beyond what the server holds at its work: of each, its own snapshot of 1 MB and a frame of 700 kB. What else is on its way
   * is in the kernel's buffers, which have their own bound.
   */
  const MOST_MEGABYTES = 50 * 1.7;

  const connected = async (url: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^pulse_web_clients (\d+)/m.exec(text)?.[1] ?? NaN);
  };

  it('are dropped after ten seconds, and hurt nobody', async () => {
    const publisher = await start(1000, 250, 500);
    const { url } = publisher;
    const sequences = new Sequences();
    await connect(10, url, (frame, client) => {
      sequences.note(frame, client);
    });
    await until(() => sequences.seq.filter(Number.isFinite).length === 10, 'all have their snapshots');
    let usual = 0;
    const from = performance.now();
    while (performance.now() - from < 8000) {
      usual = Math.max(usual, (await publisher.figures()).held);
      await pause();
    }
    let closed = 0;
    const stalled = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const client = await FrameClient.open(url, () => undefined);
        client.socket.pause();
        client.socket.once('close', () => (closed += 1));
        return client;
      }),
    );
    clients.push(...stalled);
    const [since, numbers] = [performance.now(), [...sequences.seq]];
    let most = 0;
    while ((await connected(url)) !== 10 || performance.now() - since < 10_000) {
      most = Math.max(most, (await publisher.figures()).held);
      if (performance.now() - since > 90_000) throw new Error('they are not dropped');
      await pause();
    }
    // The connection takes some frames before nothing drains; on a slow machine so long that the missing pongs come first.
    expect(await metric(url, 'behind')).toBeGreaterThan(0);
    expect(await metric(url, 'dropped')).toBeGreaterThan(0);
    // The others have missed nothing, and went on: were one waited for, nothing would have come but what follows the drop.
    expect(sequences.gaps).toBe(0);
    expect(Math.min(...sequences.seq.map((seq, i) => seq - (numbers[i] ?? 0)))).toBeGreaterThan(3);
    expect(most - usual).toBeLessThan(MOST_MEGABYTES);
    for (const { socket } of stalled) socket.resume();
    await until(() => closed === 50, 'their connections are closed');
    expect(clients.slice(0, 10).every(({ socket }) => !socket.destroyed)).toBe(true);
  });
});
