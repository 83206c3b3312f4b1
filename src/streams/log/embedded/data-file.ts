import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PulseError } from '../../../errors.ts';

const META_BYTES = 192;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
// Positions in a meta page of LMDB as lmdb-js builds it (64-bit): a page header of 24 bytes, then struct MDB_meta.
const FLAGS_AT = 18;
const META_PAGE_FLAG = 0x08;
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Reads the two meta pages of an LMDB file before it is mapped, and rejects with `log-corrupt` what LMDB would die of:
 * a header of garbage, or a file shorter than its header says (a read beyond the end of a mapped file kills the
 * process with SIGBUS). An empty or absent file is a new one.
 *
 * Source: struct MDB_meta in lmdb-js's liblmdb/mdb.c.
 */
export function checkDataFile(file: string): void {
  const fd = openIfThere(file);
  if (fd === undefined) return;
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return;
    const first = readMeta(fd, 0, file);
    const second = readMeta(fd, first.pageSize, file);
    const { lastPage, pageSize } = second.transaction > first.transaction ? second : first;
    const expected = (lastPage + 1) * pageSize;
    if (size < expected) throw damaged(file, `it has ${size} bytes of at least ${expected}`);
  } finally {
    closeSync(fd);
  }
}

function readMeta(fd: number, at: number, file: string): Meta {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(fd, page, 0, META_BYTES, at) < META_BYTES) throw damaged(file, 'its header is cut short');
  const isMeta = (page.readUInt16LE(FLAGS_AT) & META_PAGE_FLAG) !== 0 && page.readUInt32LE(MAGIC_AT) === MAGIC;
  if (!isMeta) throw damaged(file, 'its header is not one of LMDB');
  const version = page.readUInt32LE(VERSION_AT) & 0xffff;
  if (version !== DATA_VERSION) {
    throw new PulseError('log-format', `${file} has LMDB's format ${version}, this program knows ${DATA_VERSION}.`);
  }
  const pageSize = page.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize < 512 || pageSize > 65536) throw damaged(file, `its page size is ${pageSize}`);
  return {
    pageSize,
    lastPage: Number(page.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: page.readBigUInt64LE(TRANSACTION_AT),
  };
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const damaged = (file: string, how: string): PulseError =>
  new PulseError('log-corrupt', `${file} is damaged, ${how}: restore it from a copy, or remove the log to start anew.`);
