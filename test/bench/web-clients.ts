import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { FrameClient } from '../support/web/frame-client.ts';
import { RunningPublisher } from '../support/web/running-publisher.ts';
import { percentiles } from './web/percentiles.ts';

/*
 * What many websocket clients cost one server: its processor, its memory, and how long after a flush a client has the whole
 * frame; then the same while some of them do not read. The clients are one other process, by hand over TCP.
 */

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    stalled: { type: 'string', default: '50' },
    coins: { type: 'string', default: '250' },
    'every-ms': { type: 'string', default: '250' },
    seconds: { type: 'string', default: '20' },
  },
});
const count = Number(options.clients);
const stalled = Number(options.stalled);
const coins = Number(options.coins);
const everyMs = Number(options['every-ms']);
const seconds = Number(options.seconds);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const row = (what: string, figures: string): void => console.log(`${what.padEnd(52)} ${figures}`);

console.log(
  `${count} clients, ${coins} coins that all change every ${everyMs} ms; the load average is ${(loadavg()[0] ?? NaN).toFixed(2)}`,
);
const publisher = await RunningPublisher.start({ coins, everyMs });
let delays: number[] = [];
const clients: FrameClient[] = [];
try {
  await pause(3000);
  const alone = (await publisher.figures()).memory;
  row('its own memory without clients', `${alone.toFixed(0)} MB`);
  const began = performance.now();
  const opened = Array.from({ length: count }, () =>
    FrameClient.open(publisher.url, ({ kind, now }) => kind === 'batch' && delays.push(Date.now() - now)),
  );
  clients.push(...(await Promise.all(opened)));
  row('all connected after', `${((performance.now() - began) / 1000).toFixed(1)} s`);
  await pause(5000);
  await measure('with all of them');
  for (let i = 0; i < stalled; i++) {
    const client = await FrameClient.open(publisher.url, () => undefined);
    client.socket.pause();
    clients.push(client);
  }
  await measure(`with ${stalled} more that don't read`);
} finally {
  for (const { socket } of clients) socket.destroy();
  await publisher.stop();
}

async function measure(what: string): Promise<void> {
  delays = [];
  const before = await publisher.figures();
  await pause(seconds * 1000);
  const after = await publisher.figures();
  const { p50, p95, p99 } = percentiles(delays);
  const cpu = (after.cpu - before.cpu) / seconds;
  row(
    what,
    `processor ${(cpu * 100).toFixed(0)} %, own memory ${after.memory.toFixed(0)} MB, flush to frame p50 ${p50} p95 ${p95} p99 ${p99} ms ` +
      `(${(delays.length / count / seconds).toFixed(1)} frames a client and second)`,
  );
}
