import { BundleWriter } from '../hot-keys/bundle-writer.ts';
import { readBundle } from '../hot-keys/read-bundle.ts';
import { type ArenaReader, LabRecord } from './record-arena.ts';
import { bufferOf, type SharedBytes, type SharedChunks } from './shared-chunks.ts';

/** Forwarded records on their way to one task, unparsed, as the program bundles them; in memory that threads share. */
export interface Bundle {
  readonly to: number;
  readonly records: number;
  readonly bytes: SharedBytes;
}

/** Copies records into bundles, which is what forwarding them costs the task that they came in at. */
export class LabBundles {
  readonly #task: number;
  readonly #chunks: SharedChunks;
  readonly #writers = new Map<number, BundleWriter>();
  readonly #full: Bundle[] = [];

  /** `task`: where the records came in. */
  constructor(task: number, chunks: SharedChunks) {
    this.#task = task;
    this.#chunks = chunks;
  }

  add(to: number, record: LabRecord): void {
    let writer = this.#writers.get(to);
    if (writer === undefined) this.#writers.set(to, (writer = new BundleWriter(this.#task)));
    writer.add(record);
    if (writer.isFull) this.#close(to, writer);
  }

  /** All that was added, in the order of adding for each task. */
  take(): readonly Bundle[] {
    for (const [to, writer] of this.#writers) this.#close(to, writer);
    return this.#full.splice(0);
  }

  /** The log would copy it as well, to send it. */
  #close(to: number, writer: BundleWriter): void {
    const { records } = writer;
    const bundle = writer.take();
    if (bundle === undefined) return;
    const bytes = this.#chunks.take(bundle.length);
    bundle.copy(bufferOf(bytes));
    this.#full.push({ to, records, bytes });
  }
}

/** The records of a bundle, as views of it; their offsets are their numbers in the arena, which knows the keys. */
export function labRecordsOf(bundle: Bundle, arena: Pick<ArenaReader, 'keyNumber'>): readonly LabRecord[] {
  const records = readBundle(bufferOf(bundle.bytes));
  if (records === undefined) throw new RangeError('a bundle of the lab can’t be read');
  return records.map(
    ({ offset, timestamp, value }) =>
      new LabRecord(offset, timestamp, arena.keyNumber(offset), value ?? Buffer.alloc(0)),
  );
}
