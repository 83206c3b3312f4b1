import { crc32 } from 'node:zlib';
import { PulseError } from '../../../errors.ts';
import type { LogRecord } from '../record.ts';
import { layout } from './batch-layout.ts';
import { PackedRecord } from './packed-record.ts';

/** Writes the base offset into a sealed batch; the CRC does not cover it. */
export const setBaseOffset = (batch: Buffer, offset: number): void => {
  batch.writeDoubleLE(offset, layout.baseOffsetAt);
};

/** The CRC-32 of everything that is known when the batch is sealed; it starts from the flags, which lie before it. */
export const checksum = (batch: Buffer): number =>
  crc32(batch.subarray(layout.checkedFrom), batch[layout.flagsAt] ?? 0);

/** How many records a sealed batch holds. */
export const recordCount = (batch: Buffer): number => batch.readUInt32LE(layout.countAt);

/** How many offsets a sealed batch covers; 0 for bytes that are no batch. */
export const offsetSpan = (batch: Buffer): number =>
  batch.length < layout.headerBytes ? 0 : batch.readUInt32LE(layout.spanAt);

/** The append time of the batch's first record. */
export const batchTime = (batch: Buffer): number => batch.readDoubleLE(layout.timestampAt);

/**
 * Checks a stored batch before anything is read from it. Rejects with `log-format` for a batch of another version, with
 * `log-corrupt` where the magic, the base offset or the CRC-32 is not what it should be.
 */
export function checkBatch(batch: Buffer, baseOffset: number, where: string): void {
  if (batch.length < layout.headerBytes || batch.readUInt16LE(0) !== layout.magic) throw damaged(where, 'not a batch');
  const version = batch[2] ?? 0;
  if (version !== layout.version) {
    const known = layout.version;
    throw new PulseError('log-format', `The batch at ${where} has format ${version}, this program knows ${known}.`);
  }
  if (batch.readDoubleLE(layout.baseOffsetAt) !== baseOffset) throw damaged(where, 'another base offset');
  if (checksum(batch) !== batch.readUInt32LE(layout.crcAt)) throw damaged(where, 'CRC mismatch');
}

const damaged = (where: string, how: string): PulseError =>
  new PulseError('log-corrupt', `The batch at ${where} is damaged (${how}): restore the log or reset it.`);

/** Appends the records of `[from, to)` that a checked batch holds to `records`. */
export function unpackBatch(batch: Buffer, from: number, to: number, records: LogRecord[]): void {
  const base = batch.readDoubleLE(layout.baseOffsetAt);
  const count = recordCount(batch);
  const timesAt = layout.headerBytes + count * layout.indexEntryBytes;
  const timed = ((batch[layout.flagsAt] ?? 0) & layout.timesFlag) !== 0;
  const sharedTime = batchTime(batch);
  let at = timesAt + (timed ? count * layout.timeBytes : 0);
  for (let i = 0, entry = layout.headerBytes; i < count; i++, entry += layout.indexEntryBytes) {
    const key = batch.readUInt32LE(entry + 4);
    const value = batch.readUInt32LE(entry + 8);
    const headers = batch.readUInt32LE(entry + 12);
    const offset = base + batch.readUInt32LE(entry);
    const valueAt = at + (key > 0 ? key - 1 : 0);
    const headersAt = valueAt + (value > 0 ? value - 1 : 0);
    if (offset >= to) return;
    if (offset >= from) {
      const timestamp = timed ? batch.readDoubleLE(timesAt + i * layout.timeBytes) : sharedTime;
      records.push(new PackedRecord(batch, offset, timestamp, at, valueAt, headersAt, headers, key > 0, value > 0));
    }
    at = headersAt + headers;
  }
}
