import { portsInARow } from './ports-in-a-row.ts';
import { startWithScript } from './infra-script.ts';

/** Real Kafka brokers on the loopback. Nodes count from 1. */
export interface Brokers {
  /** Every node's address, in the order of the nodes. */
  readonly brokers: readonly string[];
  /** kill -9. Resolves when it is dead; the others notice after some 4 s. */
  kill(node: number): Promise<void>;
  /** Starts it again on its port with what it held. After a kill, the controller keeps it waiting for up to 4 s. */
  restart(node: number): Promise<void>;
  /** Stops its clock: connections to it stay open, and nothing is answered. */
  pause(node: number): Promise<void>;
  resume(node: number): Promise<void>;
  /** Ends all of them, and removes what they held. */
  stop(): Promise<void>;
}

export interface BrokersSpec {
  /** Three nodes keep three replicas, of which two must be in sync for a record to be taken. */
  readonly nodes: 1 | 3;
  /** Broker settings beside those of infra/kafka.sh, or instead of them. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Starts brokers with infra/kafka.sh. Resolves when they take requests. The first run on a machine fetches Kafka's jars. */
export async function startBrokers({ nodes, config = {} }: BrokersSpec): Promise<Brokers> {
  // Each node listens on two ports: for clients, and as a controller.
  const port = await portsInARow(2 * nodes);
  const settings = Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]);
  const run = await startWithScript('kafka', ['--nodes', String(nodes), '--port', String(port), ...settings]);
  return {
    brokers: Array.from({ length: nodes }, (_, index) => `127.0.0.1:${port + index}`),
    kill: (node) => run('kill', String(node)),
    restart: (node) => run('restart', String(node)),
    pause: (node) => run('pause', String(node)),
    resume: (node) => run('resume', String(node)),
    stop: () => run('wipe'),
  };
}
