import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openLmdbView } from '../../../src/state/lmdb/lmdb-view.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import { LabFolder } from '../../../src/web/server/skew/lab-folder.ts';
import { createWebServer } from '../../../src/web/server/web-server.ts';
import { jsonRows } from '../rows/json-rows.ts';
import { emptyLake } from './empty-lake.ts';
import { LoadedCoin } from './loaded-coin.ts';
import { MarketFeeder } from './market-feeder.ts';
import type { FromPublisher, ProcessFigures, PublishingOrder, ToPublisher } from './publishing-orders.ts';

/*
 * A web server in a process of its own, with the log and the view that `pulse start` gives it, and rows that change in one
 * commit each turn. For whoever asks what its clients cost: nothing else is in that process.
 */

const HOUR_MS = 3_600_000;
const PARTITIONS = 4;

const say = (message: FromPublisher): void => void process.send?.(message);

process.once('message', (order: PublishingOrder) => {
  void serve(order);
});

async function serve({ coins: count, everyMs, idLength }: PublishingOrder): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-publisher-'));
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'write' });
  const feeder = new MarketFeeder(log, '', PARTITIONS);
  await feeder.createTopics();
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const coins = Array.from({ length: count }, (_, rank) => new LoadedCoin(feeder, rank, hour, idLength));
  const server = await createWebServer({
    ...{ log, rows: jsonRows(), namespace: '', host: '127.0.0.1', port: 0, lake: emptyLake, features, moverFeatures },
    openView: (identity) => openLmdbView({ path: join(folder, 'view'), identity, onDiscard: () => undefined }),
    skewLab: new LabFolder('/nowhere'),
    staticPath: '/nowhere',
  });
  let [published, isHeld] = [0, false];
  const publish = async (): Promise<void> => {
    if (isHeld) return;
    const now = new Date().toISOString();
    await feeder.append(...coins.flatMap((coin) => coin.update(now)));
    published += 1;
  };
  await publish();
  const turn = setInterval(() => void publish(), everyMs);
  process.on('message', (asked: ToPublisher) => {
    if (asked === 'hold') isHeld = true;
    if (asked === 'figures') say({ kind: 'figures', published, ...used() });
    if (asked === 'stop') void stop();
  });
  say({ kind: 'ready', url: server.url });

  async function stop(): Promise<void> {
    clearInterval(turn);
    await server.close();
    await log.close();
    rmSync(folder, { recursive: true });
    process.disconnect();
  }
}

function used(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  const own = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  if (globalThis.gc === undefined) throw new Error('start it with --expose-gc');
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return { cpu: (user + system) / 1e6, memory: Number(own ?? NaN) / 1000, held: (heapUsed + external) / 1e6 };
}
