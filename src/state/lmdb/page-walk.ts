import { fstatSync, readSync } from 'node:fs';

// A page: u64 number, u64 transaction, u16 pad, u16 flags, u16 lower, u16 upper; then u16 positions of nodes, which
// like `lower` count from the end of this header.
const PAGE_HEADER_BYTES = 24;
const FLAGS_AT = 18;
const LOWER_AT = 20;
const BRANCH = 0x01;
const LEAF = 0x02;
const KIND = 0xff;
// A node: u32 data size, u16 flags, u16 key size, key, data; in a branch, the first 6 bytes are the child's number.
const NODE_HEADER_BYTES = 8;
const BIG_DATA = 0x01;
const TABLE = 0x02;
/** In a node's data: where a table's record has its kind and its root page, and where a big value's has its number of pages. */
const TABLE_FLAGS_AT = 4;
const TABLE_ROOT_AT = 40;
const BIG_PAGES_AT = 16;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** What the newest meta page of an LMDB file says. */
export interface DataFileMeta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  /** Root pages of the trees of free pages and of tables. */
  readonly roots: readonly bigint[];
}

/** So many pages (16 to 32 MiB of 4 KiB) are looked at; of large values only the place, not the bytes. */
const MAX_PAGES = 8192;

/**
 * Walks the trees of an LMDB file by reading it, and says what is wrong: a page that is not where it should be, nodes
 * outside of their page, anything beyond the end of the file. A file may be shorter than its header says, where the last
 * pages are free ones; then all of it is walked.
 *
 * Source: MDB_page, MDB_node, MDB_db and MDB_ovpage in lmdb-js's liblmdb/mdb.c (64-bit, little-endian).
 */
export function findPageFault(fd: number, { pageSize, lastPage, roots }: DataFileMeta): string | undefined {
  const pagesThere = Math.floor(fstatSync(fd).size / pageSize);
  const isShort = pagesThere <= lastPage;
  const page = Buffer.alloc(pageSize);
  const pending = roots.filter((root) => root !== NO_PAGE).map(Number);
  for (let seen = 0; pending.length > 0; seen++) {
    if (seen > lastPage) return 'its tree has a circle';
    if (seen > MAX_PAGES && !isShort) return undefined;
    const number = pending.pop() ?? 0;
    if (number >= pagesThere) return `it has ${pagesThere} pages and needs page ${number}`;
    readSync(fd, page, 0, pageSize, number * pageSize);
    const nodes = nodesOf(page, number);
    if (nodes === undefined) return `page ${number} is not what it should be`;
    for (const node of nodes) {
      const linked = linkedFrom(page, node);
      if (linked === undefined) return `page ${number} has a node that is none`;
      if (linked.kind === 'pages' && linked.first + linked.count > pagesThere) {
        return `it has ${pagesThere} pages and needs page ${linked.first + linked.count - 1}`;
      }
      if (linked.kind === 'page') pending.push(linked.number);
    }
  }
  return undefined;
}

/** Where the nodes of a branch or leaf page are; undefined for anything else. */
function nodesOf(page: Buffer, number: number): readonly number[] | undefined {
  const kind = page.readUInt16LE(FLAGS_AT) & KIND;
  if (page.readBigUInt64LE(0) !== BigInt(number) || (kind !== BRANCH && kind !== LEAF)) return undefined;
  const lower = page.readUInt16LE(LOWER_AT);
  const upper = page.readUInt16LE(LOWER_AT + 2);
  if (lower > upper || upper > page.length - PAGE_HEADER_BYTES) return undefined;
  const at = (i: number): number => page.readUInt16LE(PAGE_HEADER_BYTES + 2 * i) + PAGE_HEADER_BYTES;
  return Array.from({ length: lower >> 1 }, (_, i) => at(i));
}

type Linked =
  | { readonly kind: 'none' }
  | { readonly kind: 'page'; readonly number: number }
  | { readonly kind: 'pages'; readonly first: number; readonly count: number };

/** What a node leads to; undefined where it does not lie within its page, or is of a kind that nobody writes here. */
function linkedFrom(page: Buffer, node: number): Linked | undefined {
  if (node + NODE_HEADER_BYTES > page.length) return undefined;
  const isBranch = (page.readUInt16LE(FLAGS_AT) & BRANCH) !== 0;
  if (isBranch) return { kind: 'page', number: page.readUIntLE(node, 6) };
  const flags = page.readUInt16LE(node + 4);
  const data = node + NODE_HEADER_BYTES + page.readUInt16LE(node + 6);
  const size = page.readUInt32LE(node);
  if ((flags & ~(BIG_DATA | TABLE)) !== 0) return undefined;
  if ((flags & BIG_DATA) !== 0) return bigValueAt(page, data, size);
  if (data + size > page.length) return undefined;
  if ((flags & TABLE) === 0) return { kind: 'none' };
  if (size < TABLE_ROOT_AT + 8 || page.readUInt16LE(data + TABLE_FLAGS_AT) !== 0) return undefined;
  const root = page.readBigUInt64LE(data + TABLE_ROOT_AT);
  return root === NO_PAGE ? { kind: 'none' } : { kind: 'page', number: Number(root) };
}

/** A value on pages of its own, a header before it; undefined where it does not fit them. */
function bigValueAt(page: Buffer, data: number, size: number): Linked | undefined {
  if (data + BIG_PAGES_AT + 8 > page.length) return undefined;
  const first = Number(page.readBigUInt64LE(data));
  const count = Number(page.readBigUInt64LE(data + BIG_PAGES_AT));
  return PAGE_HEADER_BYTES + size > count * page.length ? undefined : { kind: 'pages', first, count };
}
