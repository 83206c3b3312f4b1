import { fileURLToPath } from 'node:url';
import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { LabFolder } from '../../../src/web/server/skew/lab-folder.ts';
import { createWebServer } from '../../../src/web/server/web-server.ts';
import { emptyLake } from './empty-lake.ts';
import { jsonRows } from '../rows/json-rows.ts';
import { MarketFeeder } from './market-feeder.ts';
import { sampleNames } from './sample-names.ts';
import { sampleTicks } from './sample-ticks.ts';

/*
 * The page over the recorded market, played by the feeder: `npx tsx test/support/web/play.ts [port] [seconds an hour] [page's folder]`.
 * For whoever works on the page.
 */
const HOUR_MS = 3_600_000;
const port = Number(process.argv[2] ?? 4400);
const secondsAnHour = Number(process.argv[3] ?? 3);
const log = createMemoryLog();
const feeder = new MarketFeeder(log, 'demo');
await feeder.createTopics();
await feeder.publishNames(sampleNames());
const logger = { info: console.log, warn: console.warn };
const server = await createWebServer({
  ...{ log, namespace: 'demo', host: '127.0.0.1', port, features, moverFeatures, logger },
  rows: jsonRows('demo'),
  lake: emptyLake,
  openView: async () => openMemoryView(),
  skewLab: new LabFolder('/nowhere'),
  staticPath: process.argv[4] ?? fileURLToPath(new URL('../../../dist/web', import.meta.url)),
});
console.log(server.url);
const ticks = sampleTicks();
const begin = ticks[0]!.at;
const end = ticks.at(-1)!.at;
let sent = 0;
const sendUntil = async (time: number): Promise<void> => {
  let next = sent;
  while (next < ticks.length && ticks[next]!.at <= time) next++;
  await feeder.publish(ticks.slice(sent, next));
  sent = next;
  const event_time = new Date(time).toISOString();
  const progress = (time - begin) / (end - begin);
  const message = 'CoinGecko can’t be reached, so this is a recording: these are not live prices.';
  await feeder.report({
    source: 'recorded',
    event_time,
    speed: 3600 / secondsAnHour,
    records: sent,
    progress,
    message,
  });
  await feeder.reportStage({ stage: 'combine', topic: 'coingecko.markets', partition: 0, records: sent });
  await feeder.reportStage({ stage: 'maintain', topic: 'pulse.partials', partition: 0, records: sent });
};
let time = begin + 96 * HOUR_MS;
await sendUntil(time);
setInterval(() => {
  time = Math.min(end, time + HOUR_MS / (secondsAnHour * 2));
  void sendUntil(time);
}, 500);
