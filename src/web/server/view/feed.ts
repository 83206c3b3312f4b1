import type { SchedulerLike } from 'rxjs';
import { PulseError } from '../../../errors.ts';
import type { Log, RecordBatch, TopicPartition } from '../../../streams/log/log.ts';
import type { RowReader } from '../../../streams/rows/row-format.ts';
import { inNamespace, type Namespace } from '../../../streams/topics.ts';
import type { ViewStatus } from '../../view-status.ts';
import type { Logger } from '../logger.ts';
import type { Applied } from './applied.ts';
import type { MarketView } from './market-view.ts';
import type { Projection } from './projections.ts';
import { sleep } from './sleep.ts';

const RETRY_MS = 1000;

export interface FeedOptions {
  readonly log: Log;
  readonly rows: RowReader;
  readonly namespace: Namespace;
  readonly view: MarketView;
  readonly projections: readonly Projection[];
  readonly scheduler: SchedulerLike;
  readonly logger: Logger;
  /** After every batch that was applied, and whenever the feed's own state changed. */
  readonly onProgress: (projection?: Projection, applied?: Applied) => void;
}

interface Source extends TopicPartition {
  readonly name: string;
  readonly projection: Projection;
  readonly offset: number;
}

/** Reads the topics from the view's positions on, for as long as it runs; a failure is told, and tried again. */
export class Feed {
  readonly #options: FeedOptions;
  /** What is missing of each source, and the end that it had at the start, until it is reached. */
  readonly #behind = new Map<string, number>();
  readonly #awaited = new Map<string, number>();
  #state: ViewStatus['state'] = 'waiting';
  #message: string | null = null;
  #located = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  status(): Omit<ViewStatus, 'isArriving'> {
    let behind = 0;
    for (const missing of this.#behind.values()) behind += missing;
    return { state: this.#state, behind, message: this.#message };
  }

  /** True once the view has reached the ends that the log had at the start. */
  get caughtUp(): boolean {
    return this.#located && this.#awaited.size === 0;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const sources = await this.#locate();
        if (sources === undefined) this.#tell('waiting', 'The log has no topics yet: start an ingest.');
        else await this.#follow(sources, signal);
      } catch (error) {
        this.#fail(error, signal);
      }
      await sleep(this.#options.scheduler, RETRY_MS, signal);
    }
  }

  /** Where to read on; undefined while a topic is missing. */
  async #locate(): Promise<readonly Source[] | undefined> {
    const { log, namespace, projections, view } = this.#options;
    const sources: Source[] = [];
    for (const projection of projections) {
      const topic = inNamespace(namespace, projection.topic);
      const spec = await log.topics.describe(topic);
      if (spec === undefined) return undefined;
      const id = await log.topics.id(topic);
      if (!view.isOf(projection.topic, id)) return this.#restart(`is of a ${topic} that was removed and made anew`);
      await view.noteTopic(projection.topic, id);
      for (let partition = 0; partition < spec.partitions; partition++) {
        const name = `${projection.topic}/${partition}`;
        const { start, end } = await log.bounds({ topic, partition });
        const position = view.position(name) ?? start;
        if (position > end) return this.#restart(`is at offset ${position} of ${name}, which ends at ${end}`);
        // Below the start of a compacted topic nothing is missing: the latest of every key is above it.
        const offset = Math.max(position, start);
        sources.push({ topic, partition, name, projection, offset });
        this.#behind.set(name, end - offset);
        if (!this.#located && end > offset) this.#awaited.set(name, end);
      }
    }
    this.#located = true;
    return sources;
  }

  async #restart(why: string): Promise<readonly Source[] | undefined> {
    const { logger, view } = this.#options;
    logger.warn(`the view ${why}: it is rebuilt from the log`);
    await view.wipe();
    this.#awaited.clear();
    return this.#locate();
  }

  async #follow(sources: readonly Source[], signal: AbortSignal): Promise<void> {
    this.#settle();
    const byPlace = new Map(sources.map((source) => [`${source.topic}/${source.partition}`, source]));
    for await (const batch of this.#options.log.tail(sources, signal)) {
      const source = byPlace.get(`${batch.topic}/${batch.partition}`);
      if (source !== undefined) await this.#apply(source, batch);
    }
  }

  async #apply({ name, projection }: Source, batch: RecordBatch): Promise<void> {
    await this.#options.rows.prepare(batch);
    const applied = await this.#options.view.apply(projection, name, batch);
    for (const reason of applied.unreadable.slice(0, 1))
      this.#options.logger.warn(`${applied.unreadable.length} records of ${batch.topic} can't be shown: ${reason}`);
    this.#behind.set(name, Math.max(0, batch.end - batch.nextOffset));
    if (batch.nextOffset >= (this.#awaited.get(name) ?? Infinity)) this.#awaited.delete(name);
    this.#options.onProgress(projection, applied);
    this.#settle();
  }

  #settle(): void {
    this.#tell(this.caughtUp ? 'live' : 'catching-up', null);
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const message = (error as Error).message;
    // The log's start may pass a reader by; it reads on from there.
    if (error instanceof PulseError && error.code === 'offset-out-of-range') return this.#options.logger.info(message);
    this.#options.logger.warn(`the view can't be fed: ${message}; trying again`);
    this.#tell('failing', message);
  }

  #tell(state: ViewStatus['state'], message: string | null): void {
    if (state === this.#state && message === this.#message) return;
    this.#state = state;
    this.#message = message;
    this.#options.view.statusChanged();
    this.#options.onProgress();
  }
}
