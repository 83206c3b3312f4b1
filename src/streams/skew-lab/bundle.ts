import { type LabRecord, labRecord } from './record-arena.ts';

/** Forwarded records on their way to one task, unparsed, in memory that threads share. */
export interface Bundle {
  readonly to: number;
  readonly records: number;
  readonly bytes: SharedArrayBuffer;
}

/** Before each record's value: its number, the number of its key, its length (32-bit each), its time (64-bit). */
const HEAD_BYTES = 20;
/** Of a full bundle: well below what brokers take as one message. */
const FULL_BYTES = 262_144;

interface OpenBundle {
  readonly to: number;
  records: number;
  length: number;
  /** Is written to again and again; what is full is copied out of it. */
  bytes: Buffer;
}

/** Copies records into bundles, which is what forwarding them costs the task that they came in at. */
export class BundleWriter {
  readonly #open = new Map<number, OpenBundle>();
  readonly #full: Bundle[] = [];

  add(to: number, record: LabRecord): void {
    const { value } = record;
    if (value === null) throw new TypeError('a record of the lab has a value');
    const open = this.#room(to, HEAD_BYTES + value.length);
    const { bytes, length } = open;
    bytes.writeUInt32LE(record.offset, length);
    bytes.writeUInt32LE(record.keyNumber, length + 4);
    bytes.writeUInt32LE(value.length, length + 8);
    bytes.writeDoubleLE(record.timestamp, length + 12);
    value.copy(bytes, length + HEAD_BYTES);
    open.length += HEAD_BYTES + value.length;
    open.records++;
  }

  /** All that was added, in the order of adding for each task; it begins anew. */
  take(): readonly Bundle[] {
    for (const open of this.#open.values()) this.#close(open);
    return this.#full.splice(0);
  }

  #room(to: number, length: number): OpenBundle {
    let open = this.#open.get(to);
    if (open === undefined) {
      open = { to, records: 0, length: 0, bytes: Buffer.allocUnsafe(FULL_BYTES) };
      this.#open.set(to, open);
    }
    if (open.length + length > open.bytes.length) this.#close(open);
    if (length > open.bytes.length) open.bytes = Buffer.allocUnsafe(length);
    return open;
  }

  #close(open: OpenBundle): void {
    if (open.records === 0) return;
    const bytes = new SharedArrayBuffer(open.length);
    Buffer.from(bytes).set(open.bytes.subarray(0, open.length));
    this.#full.push({ to: open.to, records: open.records, bytes });
    open.records = open.length = 0;
  }
}

/** The records of a bundle, as views of it. */
export function readBundle(bundle: Bundle): readonly LabRecord[] {
  const bytes = Buffer.from(bundle.bytes);
  const records: LabRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + HEAD_BYTES;
    const end = start + bytes.readUInt32LE(at + 8);
    const [offset, keyNumber, time] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readDoubleLE(at + 12)];
    records.push(labRecord(offset, time, keyNumber, bytes.subarray(start, end)));
    at = end;
  }
  return records;
}
