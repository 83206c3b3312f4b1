import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

// A meta page of LMDB as lmdb-js builds it (64-bit): a page header of 24 bytes, then struct MDB_meta (liblmdb/mdb.c).
const META_BYTES = 192;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;

/**
 * What is wrong with an LMDB file, undefined where nothing is, or where there is no file. Asked before the file is mapped:
 * LMDB doesn't survive a header of garbage, nor a file shorter than its header says.
 */
export function damageOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size === 0) return undefined;
    const first = readMeta(fd, 0);
    if (typeof first === 'string') return first;
    const second = readMeta(fd, first.pageSize);
    if (typeof second === 'string') return second;
    const { lastPage, pageSize } = second.transaction > first.transaction ? second : first;
    const expected = (lastPage + 1) * pageSize;
    return size < expected ? `it has ${size} bytes of at least ${expected}` : undefined;
  } finally {
    closeSync(fd);
  }
}

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

function readMeta(fd: number, at: number): Meta | string {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(fd, page, 0, META_BYTES, at) < META_BYTES) return 'its header is cut short';
  if (page.readUInt32LE(MAGIC_AT) !== MAGIC) return 'its header is not one of LMDB';
  const version = page.readUInt32LE(VERSION_AT) & 0xffff;
  if (version !== DATA_VERSION) return `it is of LMDB's format ${version}, not ${DATA_VERSION}`;
  const pageSize = page.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize < 512 || pageSize > 65536) return `its page size is ${pageSize}`;
  const lastPage = Number(page.readBigUInt64LE(LAST_PAGE_AT));
  return { pageSize, lastPage, transaction: page.readBigUInt64LE(TRANSACTION_AT) };
}
