import type { LogRecord } from '../log/record.ts';

/** Records in memory that threads share, so that handing them over copies nothing. */
export interface RecordArena {
  /** What the records' keys are numbers of. */
  readonly keys: readonly string[];
  readonly values: SharedArrayBuffer;
  /** Where each record's value begins in `values`, and where the last one ends: 32-bit unsigned. */
  readonly offsets: SharedArrayBuffer;
  /** The number of each record's key: 32-bit. */
  readonly keyNumbers: SharedArrayBuffer;
  /** When each was observed, milliseconds since the epoch: 64-bit floating-point. */
  readonly times: SharedArrayBuffer;
}

/** A record of the lab: what a consumer of `coingecko.markets` gets. It has no headers: its timestamp says when it was observed. */
export class LabRecord implements LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key = null;
  /** The number of its key. */
  readonly keyNumber: number;
  readonly value: Buffer;

  constructor(offset: number, timestamp: number, keyNumber: number, value: Buffer) {
    this.offset = offset;
    this.timestamp = timestamp;
    this.keyNumber = keyNumber;
    this.value = value;
  }

  header(): undefined {
    return undefined;
  }

  headers(): Readonly<Record<string, Buffer>> {
    return {};
  }
}

/** Reads an arena. */
export class ArenaReader {
  readonly keys: readonly string[];
  readonly #values: Buffer;
  readonly #offsets: Uint32Array;
  readonly #keyNumbers: Int32Array;
  readonly #times: Float64Array;

  constructor(arena: RecordArena) {
    this.keys = arena.keys;
    this.#values = Buffer.from(arena.values);
    this.#offsets = new Uint32Array(arena.offsets);
    this.#keyNumbers = new Int32Array(arena.keyNumbers);
    this.#times = new Float64Array(arena.times);
  }

  get records(): number {
    return this.#keyNumbers.length;
  }

  get bytes(): number {
    return this.#offsets[this.records] ?? 0;
  }

  keyNumber(index: number): number {
    return this.#keyNumbers[index] ?? 0;
  }

  /** A view of the record: its bytes stay where they are. */
  record(index: number): LabRecord {
    const value = this.#values.subarray(this.#offsets[index], this.#offsets[index + 1]);
    return new LabRecord(index, this.#times[index] ?? 0, this.keyNumber(index), value);
  }
}
