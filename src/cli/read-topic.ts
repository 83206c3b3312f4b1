import type { Log, PartitionPosition, RecordBatch, TopicPartition } from '../streams/log/log.ts';
import type { LogRecord } from '../streams/log/record.ts';
import type { Context } from './context.ts';
import { latestRecords } from './latest-records.ts';
import { openToRead } from './namespace-log.ts';
import { printedRecord } from './printed-record.ts';
import { createPrintedRows, type PrintedRows } from './printed-rows.ts';
import { readThrough } from './read-through.ts';
import { findTopic, partitionsOf } from './topics.ts';

export interface ReadTopicOptions {
  readonly from: 'earliest' | 'latest';
  readonly follow: boolean;
  readonly latestPerKey: boolean;
  readonly key: string | undefined;
  readonly limit: number;
}

/** `pulse topics read`: one JSON object a line, partition by partition in offset order. */
export async function readTopic(context: Context, topic: string, options: ReadTopicOptions): Promise<void> {
  const log = await openToRead(context);
  try {
    const { name, partitions } = await findTopic(context, log, topic);
    const all = partitionsOf(name, partitions);
    const ends = await Promise.all(all.map(async (at) => ({ ...at, offset: (await log.bounds(at)).end })));
    const printer = new Printer(context, options, await createPrintedRows(context, name));
    if (options.from === 'earliest') for (const at of ends) await readPartition(context, log, at, options, printer);
    if (!options.follow || printer.done) return;
    const stop = AbortSignal.any([context.signal, printer.finished]);
    for await (const batch of log.tail(ends, stop)) await printBatch(batch, options, printer);
  } finally {
    await log.close();
  }
}

async function readPartition(
  context: Context,
  log: Log,
  at: PartitionPosition,
  options: ReadTopicOptions,
  printer: Printer,
): Promise<void> {
  const { say } = context.out;
  const batches = options.latestPerKey
    ? latestRecords(log, at, options.key, say)
    : readThrough(log, at, (await log.bounds(at)).start, at.offset, say);
  for await (const batch of batches) {
    if (printer.done) return;
    await printBatch(batch, options, printer);
  }
}

async function printBatch(batch: RecordBatch, { key }: ReadTopicOptions, printer: Printer): Promise<void> {
  const records = batch.records.filter((record) => key === undefined || record.key?.toString('utf8') === key);
  await printer.prepare({ ...batch, records });
  for (const record of records) {
    if (printer.done) return;
    await printer.print(batch, record);
  }
}

class Printer {
  readonly #context: Context;
  readonly #rows: PrintedRows;
  readonly #finished = new AbortController();
  #left: number;

  constructor(context: Context, { limit }: ReadTopicOptions, rows: PrintedRows) {
    this.#context = context;
    this.#rows = rows;
    this.#left = limit;
    if (limit <= 0) this.#finished.abort();
  }

  /** Aborts when the limit is reached, or when nobody reads the output any more. */
  get finished(): AbortSignal {
    return this.#finished.signal;
  }

  get done(): boolean {
    return this.#finished.signal.aborted || this.#context.signal.aborted;
  }

  /** Before the records of a batch are printed. */
  prepare(batch: RecordBatch): Promise<void> {
    return this.#rows.prepare(batch);
  }

  async print(at: TopicPartition, record: LogRecord): Promise<void> {
    const goesOn = await this.#context.out.result(printedRecord(at, record, this.#rows.value(at, record)));
    if (!goesOn || --this.#left <= 0) this.#finished.abort();
  }
}
