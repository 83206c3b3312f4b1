import type { AbortedTransaction } from './record-batch.ts';

/** What a broker answers for one partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** The protocol's number of an error; 0: none. */
  readonly error: number;
  /** The offset after the last record, committed or not; -1 with an error. */
  readonly highWatermark: number;
  readonly start: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches as they lie in the log, views of the answer. */
  readonly bytes: Buffer;
}

/**
 * Takes a fetch answer of version 11 apart, leaving the records packed.
 * Source: Kafka protocol guide, "Fetch Response (Version: 11)".
 */
export function decodeFetch(answer: Buffer): readonly FetchedPartition[] {
  const cursor = new Cursor(answer);
  cursor.skip(4); // throttle time
  const error = cursor.int16();
  cursor.skip(4); // session id
  const found: FetchedPartition[] = [];
  for (let topics = cursor.int32(); topics > 0; topics--) {
    const topic = cursor.string();
    for (let partitions = cursor.int32(); partitions > 0; partitions--) {
      const partition = cursor.int32();
      const own = cursor.int16();
      const highWatermark = cursor.int64();
      cursor.skip(8); // last stable offset
      const start = cursor.int64();
      const aborted: AbortedTransaction[] = [];
      for (let left = cursor.int32(); left > 0; left--)
        aborted.push({ producerId: cursor.bigInt64(), firstOffset: cursor.int64() });
      cursor.skip(4); // preferred read replica
      found.push({ topic, partition, error: own || error, highWatermark, start, aborted, bytes: cursor.bytes() });
    }
  }
  return found;
}

class Cursor {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#buffer.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#buffer.readInt32BE(this.#at - 4);
  }

  bigInt64(): bigint {
    this.#at += 8;
    return this.#buffer.readBigInt64BE(this.#at - 8);
  }

  int64(): number {
    return Number(this.bigInt64());
  }

  string(): string {
    const size = this.int16();
    this.#at += size;
    return this.#buffer.toString('utf8', this.#at - size, this.#at);
  }

  bytes(): Buffer {
    const size = Math.max(0, this.int32());
    this.#at += size;
    return this.#buffer.subarray(this.#at - size, this.#at);
  }
}
