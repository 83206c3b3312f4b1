import type { SchedulerLike, Subscription } from 'rxjs';
import { every } from '../../../streams/clock/every.ts';
import type { Log, OffsetBounds } from '../../../streams/log/log.ts';
import { TASK_SILENT_MS } from '../../../streams/task/reports.ts';
import type { Namespace } from '../../../streams/topics.ts';
import type { Pipeline, Rebalance, SaltDecision } from '../../pipeline-contract.ts';
import type { Logger } from '../logger.ts';
import type { MarketView } from '../view/market-view.ts';
import { type DiskFigures, nothingOnDisk } from './disk-figures.ts';
import { EdgeMeter } from './edge-meter.ts';
import { flowEdges } from './flow-edges.ts';
import { LatencyWindow } from './latency-window.ts';
import { OffsetSeries } from './offset-series.ts';
import { shownName } from '../records/shown-name.ts';
import { TaskMeter } from './task-meter.ts';
import { UnreadRecords } from './unread-records.ts';

/** How often the log is asked while somebody looks, and while nobody does: trends are there when one comes. */
const WATCHED_MS = 2000;
const UNWATCHED_MS = 10_000;
const DISK_MS = 10_000;

export interface FlowMeterOptions {
  readonly log: Log;
  readonly namespace: Namespace;
  readonly view: MarketView;
  readonly disk: () => Promise<DiskFigures>;
  readonly scheduler: SchedulerLike;
  readonly logger: Logger;
  readonly isWatched: () => boolean;
  /** After everything was measured anew. */
  readonly onMeasured: () => void;
}

/** Measures the flow: ends of the topics against the positions of whoever reads them. Its memory is bounded. */
export class FlowMeter {
  readonly #tasks = new TaskMeter();
  readonly #options: FlowMeterOptions;
  readonly #edges: readonly EdgeMeter[];
  readonly #intoView = new Map<string, LatencyWindow>();
  readonly #deadLetters = new OffsetSeries();
  readonly #unread: UnreadRecords;
  #disk = nothingOnDisk;
  #measuredAt = -Infinity;
  #diskAt = -Infinity;

  constructor(options: FlowMeterOptions) {
    this.#options = options;
    this.#unread = new UnreadRecords(options.log);
    const { tasks } = options.view;
    for (const report of tasks.stageReports()) this.#tasks.hear(report);
    tasks.onStage = (task, report) => {
      if (report === undefined) this.#tasks.forget(task);
      else this.#tasks.hear(report);
    };
    this.#edges = flowEdges(options.namespace).map((shape) => new EdgeMeter(shape, this.#latencyOf(shape)));
  }

  /** Measures until unsubscribed; what fails is told and measured again later. */
  start(): Subscription {
    const { scheduler, logger } = this.#options;
    const onFailure = (error: unknown): void => logger.warn(`the flow can't be measured: ${(error as Error).message}`);
    return every(scheduler, 1000, () => this.#measureWhenDue(), onFailure);
  }

  /** A batch of the topic has come into the view, so long after the append of its newest record. */
  reachedView(label: string, ms: number): void {
    this.#intoView.get(label)?.add(this.#options.scheduler.now(), ms);
  }

  pipeline(): Pipeline {
    const { scheduler, view } = this.#options;
    const at = scheduler.now();
    return {
      at,
      edges: this.#edges.map((edge) => edge.edge(at)),
      tasks: this.#tasks.figures(at),
      rebalances: view.taskChanges.rebalances().map(shownRebalance),
      hotKeys: this.#tasks.hotKeys(),
      saltDecisions: view.taskChanges.saltDecisions().map(shownDecision),
      deadLettersLately: this.#deadLetters.growth(),
      stores: this.#disk.stores,
    };
  }

  /** How many changes of what is salted have been heard of, by their kind. */
  decisions(): ReadonlyMap<string, number> {
    return this.#tasks.decisions;
  }

  /** The tasks, and the hot keys of their partitions; of those alone that are not silent. */
  atWork(): Pick<Pipeline, 'tasks' | 'hotKeys'> {
    const now = this.#options.scheduler.now();
    const isHeard = ({ reportedAt }: { readonly reportedAt: number }): boolean => now - reportedAt <= TASK_SILENT_MS;
    return { tasks: this.#tasks.figures(now).filter(isHeard), hotKeys: this.#tasks.hotKeys().filter(isHeard) };
  }

  async #measureWhenDue(): Promise<void> {
    const { scheduler, isWatched, onMeasured } = this.#options;
    const now = scheduler.now();
    if (now - this.#measuredAt < (isWatched() ? WATCHED_MS : UNWATCHED_MS) - 100) return;
    this.#measuredAt = now;
    await this.#measure();
    if (isWatched()) onMeasured();
  }

  async #measure(): Promise<void> {
    const { view, scheduler } = this.#options;
    await this.#askDisk();
    const asked = new Map<string, readonly OffsetBounds[]>();
    for (const edge of this.#edges) {
      const { topic } = edge.shape;
      const bounds = asked.get(topic) ?? (await this.#bounds(topic));
      asked.set(topic, bounds);
      const positions = this.#positions(edge);
      if (positions === undefined) continue;
      for (const [partition, { start, end }] of bounds.entries()) {
        const known = positions(partition) ?? start;
        const position = await this.#unread.position(edge.shape.reader, { topic, partition }, known, end);
        edge.sample(partition, { at: scheduler.now(), end, position });
      }
    }
    this.#deadLetters.add({ at: scheduler.now(), end: view.deadLetters(), position: 0 });
  }

  /** By partition; none where there is no such topic yet. */
  async #bounds(topic: string): Promise<readonly OffsetBounds[]> {
    const { log } = this.#options;
    const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
    const bounds: OffsetBounds[] = [];
    for (let partition = 0; partition < partitions; partition++) bounds.push(await log.bounds({ topic, partition }));
    return bounds;
  }

  /** Where its reader is on each partition; undefined where nobody knows. */
  #positions({ shape }: EdgeMeter): ((partition: number) => number | undefined) | undefined {
    const { view } = this.#options;
    const { topic, label, reader } = shape;
    switch (reader) {
      case 'page':
        return (partition) => view.position(`${label}/${partition}`);
      case 'lake': {
        const sink = this.#disk.sinks.find((one) => one.topic === topic);
        return sink && ((partition) => sink.positions.get(partition));
      }
      case 'combine':
      case 'combine-hot':
      case 'maintain':
        return (partition) => view.stagePosition(`${reader}|${topic}|${partition}`);
    }
  }

  async #askDisk(): Promise<void> {
    const { disk, isWatched, scheduler, logger } = this.#options;
    if (!isWatched() || scheduler.now() - this.#diskAt < DISK_MS) return;
    this.#diskAt = scheduler.now();
    // What was true of the disk before is not kept: a position that stands still would be a lag that grows.
    this.#disk = nothingOnDisk;
    try {
      this.#disk = await disk();
    } catch (error) {
      logger.warn(`the disk's figures can't be had: ${(error as Error).message}`);
    }
  }

  #latencyOf({ reader, label }: EdgeMeter['shape']): LatencyWindow | undefined {
    if (reader === 'lake') return undefined;
    if (reader !== 'page') return this.#tasks.commitsOf(reader);
    const window = new LatencyWindow();
    this.#intoView.set(label, window);
    return window;
  }
}

/** As the tasks' names are told. */
const shownRebalance = ({ stage, topic, from, to, ...rest }: Rebalance): Rebalance => ({
  ...rest,
  ...{ stage: shownName(stage), topic: shownName(topic), from: shownName(from), to: shownName(to) },
});

const shownDecision = ({ owner, keys, ...rest }: SaltDecision): SaltDecision => ({
  ...rest,
  owner: shownName(owner),
  keys: keys.map(({ key, salts }) => ({ key: shownName(key), salts })),
});
