import { LabRecord } from './record-arena.ts';
import { bufferOf, type SharedBytes, type SharedChunks } from './shared-chunks.ts';

/** Forwarded records on their way to one task, unparsed. */
export interface Bundle {
  readonly to: number;
  readonly records: number;
  readonly bytes: SharedBytes;
}

/** Before each record's value: its number, the number of its key, its length (32-bit each), its time (64-bit). */
const HEAD_BYTES = 20;
/** Of a full bundle: well below what brokers take as one message. */
const FULL_BYTES = 65_536;

interface OpenBundle {
  records: number;
  length: number;
  readonly bytes: SharedBytes;
  readonly buffer: Buffer;
}

/** Copies records into bundles, which is what forwarding them costs the task that they came in at. */
export class BundleWriter {
  readonly #chunks: SharedChunks;
  readonly #open = new Map<number, OpenBundle>();
  readonly #full: Bundle[] = [];

  constructor(chunks: SharedChunks) {
    this.#chunks = chunks;
  }

  add(to: number, record: LabRecord): void {
    const { value } = record;
    const open = this.#room(to, HEAD_BYTES + value.length);
    const { buffer, length } = open;
    buffer.writeUInt32LE(record.offset, length);
    buffer.writeUInt32LE(record.keyNumber, length + 4);
    buffer.writeUInt32LE(value.length, length + 8);
    buffer.writeDoubleLE(record.timestamp, length + 12);
    value.copy(buffer, length + HEAD_BYTES);
    open.length += HEAD_BYTES + value.length;
    open.records++;
  }

  /** All that was added, in the order of adding for each task. */
  take(): readonly Bundle[] {
    for (const [to, open] of this.#open) this.#close(to, open);
    this.#open.clear();
    return this.#full.splice(0);
  }

  #room(to: number, length: number): OpenBundle {
    const known = this.#open.get(to);
    if (known !== undefined && known.length + length <= known.buffer.length) return known;
    if (known !== undefined) this.#close(to, known);
    const bytes = this.#chunks.take(Math.max(FULL_BYTES, length));
    const open = { records: 0, length: 0, bytes, buffer: bufferOf(bytes) };
    this.#open.set(to, open);
    return open;
  }

  #close(to: number, { records, length, bytes }: OpenBundle): void {
    this.#full.push({ to, records, bytes: { ...bytes, length } });
  }
}

/** The records of a bundle, as views of it. */
export function readBundle(bundle: Bundle): readonly LabRecord[] {
  const bytes = bufferOf(bundle.bytes);
  const records: LabRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + HEAD_BYTES;
    const end = start + bytes.readUInt32LE(at + 8);
    const [offset, keyNumber, time] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readDoubleLE(at + 12)];
    records.push(new LabRecord(offset, time, keyNumber, bytes.subarray(start, end)));
    at = end;
  }
  return records;
}
