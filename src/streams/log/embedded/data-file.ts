import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PulseError } from '../../../errors.ts';
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
const FREE_ROOT_AT = 88;
const MAIN_ROOT_AT = 136;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;

/** How often a file that a writer is changing is looked at again. */
const ATTEMPTS = 5;

/**
 * Looks at an LMDB file before it is mapped, and throws `log-corrupt` at what LMDB would die of: a header of garbage, a
 * page that a table needs beyond the end of the file (reading it would end the process with SIGBUS), a page that is
 * another than it should be. An empty or absent file is a new one. Writers in other processes may go on meanwhile.
 *
 * Source: struct MDB_meta in lmdb-js's liblmdb/mdb.c.
 */
export function checkDataFile(file: string): void {
  const fd = openIfThere(file);
  if (fd === undefined) return;
  try {
    if (fstatSync(fd).size === 0) return;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const meta = readMeta(fd, file);
      const fault = findPageFault(fd, meta);
      if (fault === undefined) return;
      // Pages of a snapshot stay as they are until a later transaction is committed; then it takes another look.
      if (readMeta(fd, file).transaction === meta.transaction) throw damaged(file, fault);
    }
  } finally {
    closeSync(fd);
  }
}

/** Transactions write the two meta pages in turn, so that their numbers say which page they are on. */
function readMeta(fd: number, file: string): DataFileMeta {
  const even = readMetaPage(fd, 0, file);
  const odd = readMetaPage(fd, even.pageSize, file);
  const [first, second] = [even.transaction, odd.transaction];
  const isNew = first < 2n && second < 2n;
  const isInTurn = first % 2n === 0n && second % 2n === 1n && (first - second) ** 2n === 1n;
  if (!isNew && !isInTurn) throw damaged(file, `its transactions are numbered ${first} and ${second}`);
  return second > first ? odd : even;
}

function readMetaPage(fd: number, at: number, file: string): DataFileMeta {
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

const damaged = (file: string, how: string): PulseError =>
  new PulseError('log-corrupt', `${file} is damaged, ${how}: restore it from a copy, or remove the log to start anew.`);
