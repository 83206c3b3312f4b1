import { PulseError } from '../../../errors.ts';
import type { LogRecord } from '../record.ts';
import { decompress } from './codecs.ts';
import { KafkaRecord } from './kafka-record.ts';
import { readVarint, varintSize } from './varint.ts';

/*
 * Record batches of format 2, which brokers of the last ten years write.
 * Source: Kafka documentation, "Message Format", RecordBatch and Record; KIP-98 for transactions.
 *
 *   0            8        12       16     17   21          23               27          35        43          51
 *   | baseOffset | length | leader | magic| crc| attributes| lastOffsetDelta| baseTime  | maxTime | producer  |
 *   51      53       57      61
 *   | epoch | baseSeq| count | records …
 */
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIME_AT = 27;
const MAX_TIME_AT = 35;
const PRODUCER_AT = 43;
const COUNT_AT = 57;
const RECORDS_AT = 61;
/** The length counts from behind itself. */
const BEFORE_LENGTH = 12;

const CODEC = 0x07;
const IS_APPEND_TIME = 0x08;
const IS_TRANSACTIONAL = 0x10;
const IS_CONTROL = 0x20;
const ABORT = 0;

/** A transaction that was aborted, from the first of its records on. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What a fetch found in a partition. */
export interface Unpacked {
  readonly records: readonly LogRecord[];
  /** Behind the last batch that came whole; the `from` of the call where there was none. */
  readonly nextOffset: number;
}

/**
 * The committed records of `[from, to)` in fetched bytes, which may break off in the middle of a batch. Control records
 * and those of aborted transactions are left out, but count for `nextOffset`. Rejects with `log-format` for batches of a
 * format before 2, and with `log-corrupt` for what can't be unpacked.
 */
export async function unpackRecords(
  bytes: Buffer,
  aborted: readonly AbortedTransaction[],
  from: number,
  to: number,
): Promise<Unpacked> {
  const records: LogRecord[] = [];
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<bigint>();
  let nextOffset = from;
  for (let at = 0, end: number; at + RECORDS_AT <= bytes.length && nextOffset < to; at = end) {
    end = at + BEFORE_LENGTH + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break;
    if (bytes[at + MAGIC_AT] !== 2)
      throw new PulseError('log-format', `a batch of records has format ${bytes[at + MAGIC_AT]}; 2 can be read`);
    const baseOffset = Number(bytes.readBigInt64BE(at));
    const lastOffset = baseOffset + bytes.readInt32BE(at + LAST_OFFSET_DELTA_AT);
    const attributes = bytes.readInt16BE(at + ATTRIBUTES_AT);
    const producerId = bytes.readBigInt64BE(at + PRODUCER_AT);
    while (waiting[0] !== undefined && waiting[0].firstOffset <= lastOffset)
      aborting.add((waiting.shift() as AbortedTransaction).producerId);
    if ((attributes & IS_CONTROL) !== 0) {
      if (controlType(bytes, at + RECORDS_AT) === ABORT) aborting.delete(producerId);
    } else if ((attributes & IS_TRANSACTIONAL) === 0 || !aborting.has(producerId)) {
      const header = { baseOffset, baseTime: timeOf(bytes, at, attributes), isAppendTime: isAppendTime(attributes) };
      const count = bytes.readInt32BE(at + COUNT_AT);
      const codec = attributes & CODEC;
      if (codec === 0) unpackBatch(bytes, at + RECORDS_AT, end, count, header, from, to, records);
      else {
        const plain = await decompress(bytes.subarray(at + RECORDS_AT, end), codec);
        unpackBatch(plain, 0, plain.length, count, header, from, to, records);
      }
    }
    nextOffset = Math.min(to, Math.max(nextOffset, lastOffset + 1));
  }
  return { records, nextOffset };
}

const isAppendTime = (attributes: number): boolean => (attributes & IS_APPEND_TIME) !== 0;

const timeOf = (bytes: Buffer, at: number, attributes: number): number =>
  Number(bytes.readBigInt64BE(at + (isAppendTime(attributes) ? MAX_TIME_AT : BASE_TIME_AT)));

interface BatchHeader {
  readonly baseOffset: number;
  readonly baseTime: number;
  readonly isAppendTime: boolean;
}

function unpackBatch(
  bytes: Buffer,
  start: number,
  end: number,
  count: number,
  { baseOffset, baseTime, isAppendTime: isFixedTime }: BatchHeader,
  from: number,
  to: number,
  into: LogRecord[],
): void {
  let at = start;
  for (let i = 0; i < count; i++) {
    const size = readVarint(bytes, at);
    at += varintSize(bytes, at);
    const next = at + size;
    if (next > end) throw new PulseError('log-corrupt', `a batch of records at offset ${baseOffset} breaks off`);
    // One byte of attributes, which nobody uses.
    let field = at + 1;
    const timeDelta = readVarint(bytes, field);
    field += varintSize(bytes, field);
    const offset = baseOffset + readVarint(bytes, field);
    field += varintSize(bytes, field);
    if (offset >= to) return;
    if (offset >= from) {
      const keySize = readVarint(bytes, field);
      const keyAt = field + varintSize(bytes, field);
      field = keyAt + Math.max(0, keySize);
      const valueSize = readVarint(bytes, field);
      const valueAt = field + varintSize(bytes, field);
      const timestamp = isFixedTime ? baseTime : baseTime + timeDelta;
      into.push(new KafkaRecord(bytes, offset, timestamp, keyAt, keySize, valueAt, valueSize));
    }
    at = next;
  }
}

/** Of the one record of a control batch: its key is a version and a type, of two bytes each. */
function controlType(bytes: Buffer, start: number): number {
  let at = start + varintSize(bytes, start) + 1;
  at += varintSize(bytes, at);
  at += varintSize(bytes, at);
  at += varintSize(bytes, at);
  return bytes.readInt16BE(at + 2);
}
