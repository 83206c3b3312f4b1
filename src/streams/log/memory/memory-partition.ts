import type { OffsetBounds } from '../log.ts';
import type { Bytes, LogRecord } from '../record.ts';

/** A record with everything that was appended, copied. */
class MemoryRecord implements LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly #headers: Readonly<Record<string, Buffer>>;

  constructor(offset: number, timestamp: number, { key, value, headers }: Content) {
    this.offset = offset;
    this.timestamp = timestamp;
    this.key = key === null ? null : copyOf(key);
    this.value = value === null ? null : copyOf(value);
    const copies = Object.entries(headers ?? {}).map(([name, bytes]) => [name, copyOf(bytes)] as const);
    this.#headers = Object.fromEntries(copies);
  }

  header(name: string): Buffer | undefined {
    return Object.hasOwn(this.#headers, name) ? this.#headers[name] : undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    return this.#headers;
  }
}

interface Content {
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
}

/** One partition: its records in offset order, with gaps where compaction took some. */
export class MemoryPartition {
  #records: LogRecord[] = [];
  #start = 0;
  #end = 0;
  #cleanedTo = 0;

  get bounds(): OffsetBounds {
    return { start: this.#start, end: this.#end };
  }

  append(content: Content, timestamp: number): void {
    this.#records.push(new MemoryRecord(this.#end++, timestamp, content));
  }

  /** The records from `from` on, until `isFull` says so or `to` is reached. */
  *from(from: number, to: number): Generator<LogRecord> {
    for (let i = this.#indexOf(from); i < this.#records.length; i++) {
      const record = this.#records[i];
      if (record === undefined || record.offset >= to) return;
      yield record;
    }
  }

  purge(before: number): void {
    this.#start = Math.max(this.#start, before);
    this.#records.splice(0, this.#indexOf(this.#start));
  }

  /** Gives up the records that were appended before the time. */
  expire(before: number): void {
    const kept = this.#records.findIndex((record) => record.timestamp >= before);
    this.purge(kept < 0 ? this.#end : (this.#records[kept]?.offset ?? this.#end));
  }

  /** Keeps the newest record of every key; of those of an earlier pass, no tombstones from before the time. */
  compact(tombstonesBefore: number): void {
    const newest = new Map<string, number>();
    for (const { key, offset } of this.#records) if (key !== null) newest.set(key.toString('latin1'), offset);
    this.#records = this.#records.filter(({ key, value, offset, timestamp }) => {
      if (key === null) return true;
      if (newest.get(key.toString('latin1')) !== offset) return false;
      return value !== null || offset >= this.#cleanedTo || timestamp >= tombstonesBefore;
    });
    this.#cleanedTo = this.#end;
  }

  /** The index of the first record at or after the offset. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.offset ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const copyOf = (bytes: Bytes): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes));
