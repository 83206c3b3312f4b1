import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Timing } from '../measured.ts';
import type { FromInstance, InstanceOrders } from './orders.ts';

const MODULE = join(import.meta.dirname, 'instance.ts');

/** Processes that share a cluster, started and stopped together. */
export class Instances {
  readonly #children: readonly ChildProcess[];

  constructor(count: number) {
    this.#children = Array.from({ length: count }, () => fork(MODULE, { execArgv: ['--import', 'tsx'] }));
  }

  /** Lets all of them work on the same namespace, until everything in it is committed. */
  async process(orders: InstanceOrders): Promise<Timing> {
    const started = performance.now();
    const answers = this.#children.map(async (child) => {
      child.send(orders);
      const [{ cpu }] = (await Promise.race([once(child, 'message'), ended(child)])) as [FromInstance];
      return cpu;
    });
    const cpu = (await Promise.all(answers)).reduce((sum, each) => sum + each, 0);
    return { wall: (performance.now() - started) / 1000, cpu };
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  }
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`an instance ended with ${code}`);
}
