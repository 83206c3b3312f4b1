import type { Log, RecordBatch, TopicPartition } from '../streams/log/log.ts';
import type { LogRecord } from '../streams/log/record.ts';
import type { Context } from './context.ts';
import { openToRead } from './namespace-log.ts';
import { printedRecord } from './printed-record.ts';
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
    const printer = new Printer(context, options);
    if (options.from === 'earliest') for (const at of ends) await readPartition(log, at, options, printer);
    if (!options.follow || printer.done) return;
    const stop = AbortSignal.any([context.signal, printer.finished]);
    for await (const batch of log.tail(ends, stop)) await printBatch(batch, options, printer);
  } finally {
    await log.close();
  }
}

async function readPartition(
  log: Log,
  at: TopicPartition & { readonly offset: number },
  options: ReadTopicOptions,
  printer: Printer,
): Promise<void> {
  const { start } = await log.bounds(at);
  const latest = options.latestPerKey ? await latestOffsets(log, at, start, options.key) : undefined;
  for await (const batch of log.read(at, start, at.offset)) {
    if (printer.done) return;
    await printBatch(batch, options, printer, latest);
  }
}

/** The offset of each key's latest record; a deleted key has none. Offsets alone are kept, so that values need no memory. */
async function latestOffsets(
  log: Log,
  at: TopicPartition & { readonly offset: number },
  start: number,
  key: string | undefined,
): Promise<ReadonlySet<number>> {
  const latest = new Map<string, number>();
  for await (const { records } of log.read(at, start, at.offset))
    for (const record of records) {
      const name = record.key?.toString('utf8') ?? '';
      if (key !== undefined && name !== key) continue;
      if (record.value === null) latest.delete(name);
      else latest.set(name, record.offset);
    }
  return new Set(latest.values());
}

async function printBatch(
  batch: RecordBatch,
  { key }: ReadTopicOptions,
  printer: Printer,
  only?: ReadonlySet<number>,
): Promise<void> {
  for (const record of batch.records) {
    if (printer.done) return;
    if (only !== undefined && !only.has(record.offset)) continue;
    if (key !== undefined && record.key?.toString('utf8') !== key) continue;
    await printer.print(batch, record);
  }
}

class Printer {
  readonly #context: Context;
  readonly #finished = new AbortController();
  #left: number;

  constructor(context: Context, { limit }: ReadTopicOptions) {
    this.#context = context;
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

  async print(at: TopicPartition, record: LogRecord): Promise<void> {
    const goesOn = await this.#context.out.result(printedRecord(at, record));
    if (!goesOn || --this.#left <= 0) this.#finished.abort();
  }
}
