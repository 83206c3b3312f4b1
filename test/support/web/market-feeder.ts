import type { Log, OutputRecord } from '../../../src/streams/log/log.ts';
import { partitionOf } from '../../../src/streams/log/partition-of.ts';
import { inNamespace, topics, topicSpecs } from '../../../src/streams/topics.ts';
import type { IngestReport, StageReport } from '../../../src/streams/task/reports.ts';
import { PlainTables } from './plain-tables.ts';
import type { Tick } from './sample-ticks.ts';

/** Stands in for the pipeline: ticks in, the topics' rows out, as the stages publish them. */
export class MarketFeeder {
  readonly tables = new PlainTables();
  readonly #log: Log;
  readonly #namespace: string;
  readonly #partitions: number;

  constructor(log: Log, namespace = '', partitions = 2) {
    this.#log = log;
    this.#namespace = namespace;
    this.#partitions = partitions;
  }

  async createTopics(): Promise<void> {
    await this.#log.topics.ensure(topicSpecs(this.#namespace, this.#partitions));
  }

  /** Publishes every row that these ticks reach, each once, in one commit. */
  async publish(ticks: readonly Tick[]): Promise<void> {
    const changed = new Map<string, Set<number>>();
    for (const tick of ticks) {
      const hours = changed.get(tick.coin) ?? new Set<number>();
      changed.set(tick.coin, hours.add(this.tables.add(tick)));
    }
    const records: OutputRecord[] = [];
    for (const [coin, hours] of changed) {
      const reached = new Set<number>();
      for (const ts of hours) {
        records.push(this.#hourly(topics.prices.name, coin, this.tables.silver(coin, ts)));
        for (const hour of this.tables.reached(coin, ts)) reached.add(hour);
      }
      for (const ts of [...reached].sort((a, b) => a - b))
        records.push(this.#hourly(topics.features.name, coin, this.tables.features(coin, ts)));
      records.push(this.record(topics.movers.name, coin, coin, JSON.stringify(this.tables.mover(coin))));
    }
    await this.#log.append(records);
  }

  /** Publishes quotes that say what these coins are called, as far as a page reads them. */
  async publishNames(
    names: readonly { readonly id: string; readonly name: string; readonly symbol: string }[],
  ): Promise<void> {
    await this.append(...names.map((name) => this.record(topics.markets.name, name.id, name.id, JSON.stringify(name))));
  }

  /** Any record, in the partition of its coin. */
  record(topic: string, coin: string, key: string, value: string | null): OutputRecord {
    const partition = partitionOf(coin, this.#partitions);
    return { topic: inNamespace(this.#namespace, topic), partition, key, value };
  }

  async append(...records: readonly OutputRecord[]): Promise<void> {
    await this.#log.append(records);
  }

  async report(report: Partial<IngestReport> & Pick<IngestReport, 'source'>): Promise<void> {
    const { source } = report;
    const task = `ingest|${source}`;
    const full: IngestReport = {
      task: `ingest|${source}`,
      kind: source === 'coingecko' ? 'observed' : 'played',
      state: 'running',
      reported_at: new Date().toISOString(),
      last_success_at: null,
      interval_ms: null,
      event_time: null,
      speed: null,
      records: 0,
      progress: null,
      message: null,
      ...report,
    };
    await this.append(this.record(topics.tasks.name, task, task, JSON.stringify(full)));
  }

  async reportStage(report: Pick<StageReport, 'stage' | 'topic' | 'partition'> & Partial<StageReport>): Promise<void> {
    const task = `${report.stage}|${report.topic}|${report.partition}`;
    const reported_at = new Date().toISOString();
    const full: StageReport = {
      task,
      owner: 'test',
      reported_at,
      records: 0,
      work_ms: 0,
      busy_ms: 0,
      lag: 0,
      commit_ms: 1,
      ...report,
    };
    await this.append(this.record(topics.tasks.name, task, task, JSON.stringify(full)));
  }

  #hourly(topic: string, coin: string, row: { readonly ts?: unknown }): OutputRecord {
    return this.record(topic, coin, `${coin}|${String(row.ts)}`, JSON.stringify(row));
  }
}
