import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Status } from '../contract.ts';
import type { GatewayEvent } from './gateway/gateway.ts';
import { parseTime } from './view/fields.ts';

export interface MetricsSource {
  readonly clients: () => number;
  readonly status: () => Status;
  readonly now: () => number;
}

export interface WebMetrics {
  readonly registry: Registry;
  gateway(event: GatewayEvent): void;
  applied(topic: string, records: number, unreadable: number): void;
}

/** The server's metrics in a registry of their own; gauges are read at the scrape. */
export function createWebMetrics(source: MetricsSource): WebMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void =>
    void new Gauge({ name, help, registers, collect: gaugeCollector(read) });
  gauge('pulse_web_clients', 'Pages that are connected.', source.clients);
  gauge('pulse_web_view_behind_records', 'Records that the view has not read yet.', () => source.status().view.behind);
  gauge('pulse_dead_letters', 'Dead letters that the view has counted.', () => source.status().deadLetters);
  gauge('pulse_source_age_seconds', 'Age of the last successful fetch; NaN where there is none.', () => {
    const at = source.status().source?.last_success_at;
    return at == null ? NaN : (source.now() - parseTime(at)) / 1000;
  });
  const events = new Counter({
    name: 'pulse_web_gateway_total',
    help: 'What happened on the websocket: snapshots, resumptions, batches; clients that fell behind, were refused, were dropped.',
    labelNames: ['event'],
    registers,
  });
  const applied = new Counter({
    name: 'pulse_web_view_records_total',
    help: 'Records that the view has read, by topic and outcome.',
    labelNames: ['topic', 'outcome'],
    registers,
  });
  return {
    registry,
    gateway: (event) => events.inc({ event }),
    applied(topic, records, unreadable) {
      applied.inc({ topic, outcome: 'applied' }, records - unreadable);
      applied.inc({ topic, outcome: 'unreadable' }, unreadable);
    },
  };
}

const gaugeCollector = (read: () => number): ((this: Gauge) => void) =>
  function collect(this: Gauge) {
    this.set(read());
  };
