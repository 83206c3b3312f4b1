import type { LogRecord } from '../../../streams/log/record.ts';
import { EXCERPT_BYTES, type ShownRecord } from '../../pipeline-contract.ts';
import { shownText } from './shown-text.ts';

const KEY_BYTES = 512;
const HEADER_BYTES = 256;
const MAX_HEADERS = 16;

/** Decodes a value that lies in Avro; undefined where it is none, or can't be read. */
export type DecodeAvro = (value: Buffer) => Buffer | undefined;

/** A record as text of a bounded size. It keeps nothing of the record's memory. */
export function shownRecord(partition: number, record: LogRecord, decode: DecodeAvro = asItIs): ShownRecord {
  const { offset, timestamp, key, value } = record;
  const headers = Object.entries(record.headers()).slice(0, MAX_HEADERS);
  return {
    ...{ partition, offset, timestamp },
    key: key && shownText(key, KEY_BYTES).text,
    headers: headers.map(([name, bytes]) => [
      shownText(Buffer.from(name), HEADER_BYTES).text,
      shownText(bytes, HEADER_BYTES).text,
    ]),
    ...shownValue(value, decode),
    bytes: value?.length ?? 0,
  };
}

function shownValue(value: Buffer | null, decode: DecodeAvro): Pick<ShownRecord, 'value' | 'form'> {
  if (value === null) return { value: null, form: 'text' };
  const decoded = decode(value);
  if (decoded !== undefined) return { value: shownText(decoded, EXCERPT_BYTES).text, form: 'avro' };
  const { text, form } = shownText(value, EXCERPT_BYTES);
  return { value: text, form };
}

const asItIs: DecodeAvro = () => undefined;
