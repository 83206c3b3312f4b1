import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openKafkaLog } from '../../../src/streams/log/kafka/kafka-log.ts';
import { processed } from '../processed.ts';
import type { FromInstance, InstanceOrders } from './orders.ts';

/*
 * An instance in a process of its own: both stages on what a namespace holds, for each order that it is sent. Says what
 * processor time that took, of all its threads.
 */

const say = (message: FromInstance): void => void process.send?.(message);

process.on('message', (orders: InstanceOrders) => {
  void work(orders);
});

async function work({ brokers, codec, namespace, names, partitions, intervalMs }: InstanceOrders): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'pulse-bench-'));
  const log = await openKafkaLog({ brokers, codec });
  const before = process.cpuUsage();
  await processed({ log, names, namespace, partitions, intervalMs, path }, () => Promise.resolve());
  const { user, system } = process.cpuUsage(before);
  await log.close();
  rmSync(path, { recursive: true });
  say({ cpu: (user + system) / 1e6 });
}
