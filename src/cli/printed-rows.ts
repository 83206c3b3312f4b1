import { PulseError } from '../errors.ts';
import type { RecordBatch, TopicPartition } from '../streams/log/log.ts';
import type { LogRecord } from '../streams/log/record.ts';
import { isAvro } from '../streams/rows/wire-format.ts';
import { topicNames } from '../streams/topics.ts';
import type { Context } from './context.ts';

/** The values of a topic's records as they are printed: rows in Avro as the JSON that they would be without a registry. */
export interface PrintedRows {
  /** Before the records of a batch; rejects where their schemas can't be had. */
  prepare(batch: RecordBatch): Promise<void>;
  value(at: TopicPartition, record: LogRecord): Buffer | null;
}

const asTheyAre: PrintedRows = { prepare: () => Promise.resolve(), value: (_, { value }) => value };

/** What prints the topic's records. What can't be decoded is left as it is, and the first of it told on stderr. */
export async function createPrintedRows(context: Context, topic: string): Promise<PrintedRows> {
  const names = topicNames(context.config.settings.namespace);
  const table = (['prices', 'features', 'movers'] as const).find((one) => names[one] === topic);
  if (table === undefined) return asTheyAre;
  const say = once(context.out.say);
  if (context.config.settings.schema_registry.url === null)
    return {
      ...asTheyAre,
      value(at, { value }) {
        if (isAvro(value)) say(`${at.topic} holds rows in Avro: set SCHEMA_REGISTRY_URL to have them decoded`);
        return value;
      },
    };
  // Loaded when it is needed: without a registry the command starts as it did.
  const { openRows } = await import('./open-rows.ts');
  const rows = await openRows(context);
  return {
    prepare: (batch) => rows.prepare(batch),
    value(at, { value, offset }) {
      try {
        return value && rows.json(table, value);
      } catch (error) {
        if (!(error instanceof PulseError && error.code === 'bad-record')) throw error;
        say(`${at.topic}[${at.partition}] offset ${offset} can't be decoded: ${error.message}`);
        return value;
      }
    },
  };
}

function once(say: (line: string) => void): (line: string) => void {
  let isSaid = false;
  return (line) => {
    if (!isSaid) say(line);
    isSaid = true;
  };
}
