import { type Database, open } from 'lmdb';

const raw = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** Changes the raw bytes of one database of an LMDB folder, through LMDB itself: it is content with the result. */
export async function editLmdb(
  path: string,
  database: string,
  edit: (db: Database<Buffer, Buffer>) => void,
): Promise<void> {
  const root = open<Buffer, Buffer>({ path, noSubdir: false, maxDbs: 16, ...raw });
  const db = root.openDB<Buffer, Buffer>({ name: database, ...raw });
  root.transactionSync(() => edit(db));
  await root.close();
}

/** The bytes with one bit turned over. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
