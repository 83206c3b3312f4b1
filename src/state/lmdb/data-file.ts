import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type DataFileMeta, findPageFault } from './page-walk.ts';

const META_BYTES = 192;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
// Positions in a meta page of LMDB as lmdb-js builds it (64-bit): a page header of 24 bytes, then struct MDB_meta.
const FLAGS_AT = 18;
const META_PAGE_FLAG = 0x08;
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_SIZE_AT = 48;
const FREE_FLAGS_AT = 52;
const FREE_ROOT_AT = 88;
const MAIN_FLAGS_AT = 100;
const MAIN_ROOT_AT = 136;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;

/** Keys are numbers, as those of free pages are. */
const INTEGER_KEYS = 0x08;
/** Beside them, as a flag of the whole file: its pages are encrypted. LMDB without a key for them dies of it. */
const ENCRYPTED = 0x2000;
/** LMDB maps a file up to the page that its header names as the last; processes die of asking for more than they can have. */
const MOST_MAPPED_BYTES = 2 ** 44;

/** How often a file that a writer is changing is looked at again. */
const ATTEMPTS = 5;

/** What keeps an LMDB file from being opened; `how` ends a sentence about the file. */
export interface DataFileFault {
  readonly kind: 'damaged' | 'other-format';
  readonly how: string;
}

/**
 * Looks at an LMDB file before it is mapped, for what LMDB would die of: a header of garbage, a page that a table needs
 * beyond the end of the file (reading it would end the process with SIGBUS), a page that is another than it should be.
 * An empty or absent file is a new one, without fault. Writers in other processes may go on meanwhile.
 *
 * Source: struct MDB_meta in lmdb-js's liblmdb/mdb.c.
 */
export function dataFileFault(file: string): DataFileFault | undefined {
  const fd = openIfThere(file);
  if (fd === undefined) return undefined;
  try {
    return fstatSync(fd).size === 0 ? undefined : faultOf(fd);
  } finally {
    closeSync(fd);
  }
}

function faultOf(fd: number): DataFileFault | undefined {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const meta = readMeta(fd);
    if ('kind' in meta) return meta;
    const how = findPageFault(fd, meta);
    if (how === undefined) return undefined;
    // Pages of a snapshot stay as they are until a later transaction is committed; then it takes another look.
    const now = readMeta(fd);
    if ('kind' in now || now.transaction === meta.transaction) return damaged(how);
  }
  return undefined;
}

/** Transactions write the two meta pages in turn, so that their numbers say which page they are on. */
function readMeta(fd: number): DataFileMeta | DataFileFault {
  const even = readMetaPage(fd, 0);
  if ('kind' in even) return even;
  const odd = readMetaPage(fd, even.pageSize);
  if ('kind' in odd) return odd;
  const [first, second] = [even.transaction, odd.transaction];
  const isNew = first < 2n && second < 2n;
  const isInTurn = first % 2n === 0n && second % 2n === 1n && (first - second) ** 2n === 1n;
  if (!isNew && !isInTurn) return damaged(`its transactions are numbered ${first} and ${second}`);
  return second > first ? odd : even;
}

function readMetaPage(fd: number, at: number): DataFileMeta | DataFileFault {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(fd, page, 0, META_BYTES, at) < META_BYTES) return damaged('its header is cut short');
  const isMeta = (page.readUInt16LE(FLAGS_AT) & META_PAGE_FLAG) !== 0 && page.readUInt32LE(MAGIC_AT) === MAGIC;
  if (!isMeta) return damaged('its header is not one of LMDB');
  const version = page.readUInt32LE(VERSION_AT) & 0xffff;
  if (version !== DATA_VERSION)
    return { kind: 'other-format', how: `has LMDB's format ${version}, this program knows ${DATA_VERSION}` };
  const pageSize = page.readUInt32LE(PAGE_SIZE_AT);
  if (pageSize < 512 || pageSize > 65536) return damaged(`its page size is ${pageSize}`);
  // Free pages are under numbers, tables under plain names.
  const freeFlags = page.readUInt16LE(FREE_FLAGS_AT) & (INTEGER_KEYS | ENCRYPTED);
  if (freeFlags !== INTEGER_KEYS || page.readUInt16LE(MAIN_FLAGS_AT) !== 0)
    return damaged('its trees are of another kind');
  const lastPage = Number(page.readBigUInt64LE(LAST_PAGE_AT));
  if (lastPage * pageSize > MOST_MAPPED_BYTES) return damaged(`its last page is number ${lastPage}`);
  return {
    pageSize,
    lastPage,
    transaction: page.readBigUInt64LE(TRANSACTION_AT),
    roots: [page.readBigUInt64LE(FREE_ROOT_AT), page.readBigUInt64LE(MAIN_ROOT_AT)],
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

const damaged = (how: string): DataFileFault => ({ kind: 'damaged', how: `is damaged, ${how}` });
