import type { Database } from 'lmdb';
import type { Codec } from '../codec.ts';
import { parseRowKey, partitionRange, rowKey, timeOfRowKey } from '../key-layout.ts';
import type { Table } from '../table.ts';

/** A named LMDB database as a table; keys as in `key-layout.ts`. */
export class LmdbTable<Value> implements Table<Value> {
  readonly #db: Database<Buffer, Buffer>;
  readonly #codec: Codec<Value>;

  constructor(db: Database<Buffer, Buffer>, codec: Codec<Value>) {
    this.#db = db;
    this.#codec = codec;
  }

  get(partition: number, key: string, time: number): Value | undefined {
    // The fast read returns one buffer for all rows, good until the next read: the codec keeps nothing of it. Its
    // `length` is the row's, but only as a property: what reads the true length (toString since Node 24) sees more.
    const bytes = this.#db.getBinaryFast(rowKey(partition, key, time));
    return bytes && this.#codec.decode(bytes.subarray(0, bytes.length));
  }

  visit(partition: number, key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void {
    const start = Buffer.from(rowKey(partition, key, from));
    const end = Buffer.from(rowKey(partition, key, to));
    for (const { key: at, value } of this.#db.getRange({ start, end }))
      visitor(this.#codec.decode(value), timeOfRowKey(at));
  }

  *keys(partition: number): Iterable<string> {
    const { start, end } = partitionRange(partition);
    for (let from = start; ;) {
      const [next] = this.#db.getKeys({ start: from, end, limit: 1 });
      if (next === undefined) return;
      const { key } = parseRowKey(next);
      yield key;
      from = Buffer.concat([next.subarray(0, -8), Buffer.alloc(9, 0xff)]);
    }
  }

  put(partition: number, key: string, time: number, value: Value): void {
    this.#db.putSync(rowKey(partition, key, time), this.#codec.encode(value));
  }

  remove(partition: number, key: string, time: number): void {
    this.#db.removeSync(rowKey(partition, key, time));
  }
}
