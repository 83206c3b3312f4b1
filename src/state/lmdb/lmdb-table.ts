import type { Database } from 'lmdb';
import type { Codec } from '../codec.ts';
import { parseRowKey, partitionRange, rowKey, timeOfRowKey } from '../key-layout.ts';
import type { Table } from '../table.ts';
import { withChecksum, withoutChecksum } from './checked-value.ts';

/**
 * A named LMDB database as a table; keys as in `key-layout.ts`, each value with its checksum. `damaged` makes the error that a
 * read throws where a row is not what was written; it is told the row.
 */
export class LmdbTable<Value> implements Table<Value> {
  readonly #db: Database<Buffer, Buffer>;
  readonly #codec: Codec<Value>;
  readonly #damaged: (row: string) => Error;

  constructor(db: Database<Buffer, Buffer>, codec: Codec<Value>, damaged: (row: string) => Error) {
    this.#db = db;
    this.#codec = codec;
    this.#damaged = damaged;
  }

  get(partition: number, key: string, time: number): Value | undefined {
    // The fast read returns one buffer for all rows, good until the next read: the codec keeps nothing of it. Its
    // `length` is the row's, but only as a property: what reads the true length (toString since Node 24) sees more.
    const at = rowKey(partition, key, time);
    const bytes = this.#db.getBinaryFast(at);
    return bytes && this.#decode(at, bytes.subarray(0, bytes.length));
  }

  visit(partition: number, key: string, from: number, to: number, visitor: (value: Value, time: number) => void): void {
    const start = Buffer.from(rowKey(partition, key, from));
    const end = Buffer.from(rowKey(partition, key, to));
    for (const { key: at, value } of this.#db.getRange({ start, end }))
      visitor(this.#decode(at, value), timeOfRowKey(at));
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
    const at = rowKey(partition, key, time);
    this.#db.putSync(at, withChecksum(at, this.#codec.encode(value)));
  }

  remove(partition: number, key: string, time: number): void {
    this.#db.removeSync(rowKey(partition, key, time));
  }

  #decode(at: Buffer, stored: Buffer): Value {
    const value = withoutChecksum(at, stored);
    if (value !== undefined) return this.#codec.decode(value);
    const { key, time } = parseRowKey(at);
    throw this.#damaged(`${JSON.stringify(key)} at ${time} of partition ${at.readUInt16BE(0)}`);
  }
}
