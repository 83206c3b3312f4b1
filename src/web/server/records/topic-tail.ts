import type { SchedulerLike } from 'rxjs';
import type { Log, PartitionPosition, RecordBatch } from '../../../streams/log/log.ts';
import type { RowReader } from '../../../streams/rows/row-format.ts';
import type { RowTable } from '../../../streams/rows/row-table.ts';
import { isAvro } from '../../../streams/rows/wire-format.ts';
import type { ShownRecord } from '../../pipeline-contract.ts';
import { sleep } from '../view/sleep.ts';
import { shownRecord } from './shown-record.ts';

/** What is remembered for whoever comes to look. */
const KEPT = 200;
/** Of one batch, so many of the newest are looked at. */
const LOOKED_AT = 100;
/** Farther behind than this it jumps to the end: what is shown is of now, and a flood costs no more than this. */
const MAX_BEHIND = 1000;
const FIRST_RECORDS = 25;
/** Between two batches: a busy topic does not take the server's time. */
const PACE_MS = 50;
const RETRY_MS = 2000;

export interface TopicTailOptions {
  readonly log: Log;
  readonly rows: RowReader;
  /** In its namespace. */
  readonly topic: string;
  /** The table whose rows it holds, where it holds one's. */
  readonly table: RowTable | undefined;
  readonly scheduler: SchedulerLike;
  readonly onNews: () => void;
}

export interface TailNews {
  readonly records: readonly ShownRecord[];
  readonly skipped: number;
  /** What could not be read can be again, though there may be no record to say it with. */
  readonly hasRecovered: boolean;
}

/** The newest records of a topic as text, read once for all who look. Its memory is bounded whatever comes. */
export class TopicTail {
  readonly #options: TopicTailOptions;
  #kept: ShownRecord[] = [];
  #news: ShownRecord[] = [];
  #skipped = 0;
  #failure: string | undefined;
  #hasRecovered = false;
  /** By partition: the next offset to look at. */
  readonly #next = new Map<number, number>();

  constructor(options: TopicTailOptions) {
    this.#options = options;
  }

  /** Why nothing can be read just now. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get kept(): readonly ShownRecord[] {
    return this.#kept;
  }

  /** What has come since the last call. */
  takeNews(): TailNews {
    const news = { records: this.#news, skipped: this.#skipped, hasRecovered: this.#hasRecovered };
    this.#news = [];
    this.#skipped = 0;
    this.#hasRecovered = false;
    return news;
  }

  /** Reads until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (let back = FIRST_RECORDS; !signal.aborted; back = LOOKED_AT)
      try {
        const isBehind = await this.#follow(await this.#newest(back), signal);
        if (!isBehind) return;
      } catch (error) {
        if (signal.aborted) return;
        this.#failure = (error as Error).message;
        this.#options.onNews();
        await sleep(this.#options.scheduler, RETRY_MS, signal);
      }
  }

  async #newest(back: number): Promise<readonly PartitionPosition[]> {
    const { log, topic } = this.#options;
    const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
    if (partitions === 0) throw new Error('There is no such topic yet.');
    const positions: PartitionPosition[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const { start, end } = await log.bounds({ topic, partition });
      // After a failure nothing is shown twice; a log that was made anew begins anew.
      const next = this.#next.get(partition) ?? 0;
      positions.push({ topic, partition, offset: Math.max(start, end - back, next > end ? 0 : next) });
    }
    return positions;
  }

  /** True when it has left off, being too far behind. */
  async #follow(from: readonly PartitionPosition[], signal: AbortSignal): Promise<boolean> {
    const { log, scheduler } = this.#options;
    const jump = new AbortController();
    this.#recovered();
    for await (const batch of log.tail(from, AbortSignal.any([signal, jump.signal]))) {
      await this.#take(batch);
      const behind = batch.end - batch.nextOffset;
      if (behind > MAX_BEHIND) {
        this.#skipped += behind - LOOKED_AT;
        jump.abort();
        return true;
      }
      await sleep(scheduler, PACE_MS, signal);
    }
    return false;
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#hasRecovered = true;
    this.#options.onNews();
  }

  async #take(batch: RecordBatch): Promise<void> {
    const { rows, table, onNews } = this.#options;
    const records = batch.records.slice(-LOOKED_AT);
    const isReadable = table !== undefined && (await canRead(rows, { ...batch, records }));
    const decode = (value: Buffer): Buffer | undefined =>
      isReadable && isAvro(value) ? rowJson(rows, table, value) : undefined;
    const shown = records.map((record) => shownRecord(batch.partition, record, decode));
    this.#next.set(batch.partition, batch.nextOffset);
    this.#skipped += batch.records.length - records.length;
    this.#kept = [...this.#kept, ...shown].slice(-KEPT);
    const news = [...this.#news, ...shown];
    this.#news = news.slice(-KEPT);
    this.#skipped += news.length - this.#news.length;
    if (shown.length > 0) onNews();
  }
}

/** A row whose schema can't be had now is shown as the bytes that it is. */
const canRead = (rows: RowReader, batch: RecordBatch): Promise<boolean> =>
  rows.prepare(batch).then(
    () => true,
    () => false,
  );

function rowJson(rows: RowReader, table: RowTable, value: Buffer): Buffer | undefined {
  try {
    return rows.json(table, value);
  } catch {
    return undefined;
  }
}
