import { join } from 'node:path';
import process from 'node:process';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import { MarketFeeder } from '../../support/web/market-feeder.ts';
import type { FromLoad, LoadOrder, ToLoad } from './load-orders.ts';
import { LoadedCoin } from '../../support/web/loaded-coin.ts';

/*
 * The load of the page's benchmark, in a process of its own: it writes the tables' rows themselves into an embedded log, as
 * the stages would publish them, so that making them costs next to nothing beside the server and the page.
 */

const PARTITIONS = 4;
const COMMIT_MS = 100;
const HOUR_MS = 3_600_000;

const say = (message: FromLoad): void => void process.send?.(message);

process.once('message', (order: LoadOrder) => {
  void play(order);
});

async function play({ folder, coins: count, perSecond, hours }: LoadOrder): Promise<void> {
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'write' });
  await log.topics.ensure(topicSpecs('', PARTITIONS));
  const feeder = new MarketFeeder(log, '', PARTITIONS);
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const coins = Array.from({ length: count }, (_, rank) => new LoadedCoin(feeder, rank, hour));
  for (const coin of coins) await feeder.append(...coin.history(hours));
  await feeder.report({ source: 'simulated', event_time: new Date(hour).toISOString(), speed: 1 });
  say({ kind: 'ready' });

  let [updates, cpu, since, isOver] = [0, process.cpuUsage(), performance.now(), false];
  process.on('message', (asked: ToLoad) => {
    if (asked === 'stop') return void (isOver = true);
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - since) / 1000;
    say({ kind: 'figures', perSecond: updates / count / seconds, cpu: (user + system) / 1e6 / seconds });
    [updates, cpu, since] = [0, process.cpuUsage(), performance.now()];
  });

  let next = 0;
  for (let at = performance.now(); !isOver; at += COMMIT_MS) {
    const due = Math.round((count * perSecond * COMMIT_MS) / 1000);
    const now = new Date().toISOString();
    const changed = Array.from({ length: due }, () => coins[next++ % count]);
    await feeder.append(...changed.flatMap((coin) => coin?.update(now) ?? []));
    updates += due;
    // A commit that took longer than its turn is not made up for: the figures tell.
    at = Math.max(at, performance.now() - COMMIT_MS);
    await new Promise((resolve) => setTimeout(resolve, at + COMMIT_MS - performance.now()));
  }
  await log.close();
  process.disconnect();
}
