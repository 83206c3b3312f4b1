import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import { comparePlaces, type HistoryQuote, type QuotePlace } from './history-quote.ts';
import { packedBytes, packing, packQuote, unpackQuote } from './packed-quote.ts';

/** So much is put in order in memory, and written as one run. */
const RUN_BYTES = 32 * 2 ** 20;
const RUN_QUOTES = 65_536;
/** So much of each run is in memory while it is read; more where one quote is larger. */
const READ_BYTES = 64 * 2 ** 10;
const SIZE_BYTES = 4;

/** Where the bytes of a quote are in memory. */
interface Packed extends QuotePlace {
  readonly start: number;
  readonly end: number;
}

/**
 * Quotes in a file, in runs that are each in the order of their places: an external merge sort without its merge. The file has no name:
 * whatever becomes of this process, the disk gets its room back. All methods reject with `disk-full` or `disk-unwritable`.
 */
export class SortedRuns {
  readonly #folder: string;
  readonly #runs: { readonly start: number; readonly end: number }[] = [];
  #file: FileHandle | undefined;
  #next: Packed[] = [];
  #memory = Buffer.alloc(0);

  /** The file is made in that folder, and the folder where there is none, as soon as it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(quotes: readonly HistoryQuote[]): Promise<void> {
    for (const quote of quotes) {
      const { time, partition, offset } = quote;
      const packed = packing(quote);
      if (!this.#hasRoom(packed.bytes)) await this.#write();
      const start = this.#next.at(-1)?.end ?? 0;
      const end = start + packed.bytes;
      if (end > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(Math.max(RUN_BYTES, end));
      packQuote(packed, this.#memory, start);
      this.#next.push({ time, partition, offset, start, end });
    }
  }

  /** The runs' quotes, each run from its beginning; what is added later is in none of them. */
  async read(): Promise<readonly AsyncGenerator<readonly HistoryQuote[]>[]> {
    if (this.#next.length > 0) await this.#write();
    this.#memory = Buffer.alloc(0);
    return this.#runs.map(({ start, end }) => this.#readRun(start, end));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** An empty run has room for any quote. */
  #hasRoom(bytes: number): boolean {
    const { length } = this.#next;
    return length === 0 || (length < RUN_QUOTES && (this.#next.at(-1)?.end ?? 0) + bytes <= this.#memory.length);
  }

  async #write(): Promise<void> {
    const quotes = this.#next.sort(comparePlaces);
    this.#next = [];
    const bytes = Buffer.concat(quotes.map((quote) => this.#memory.subarray(quote.start, quote.end)));
    const start = this.#runs.at(-1)?.end ?? 0;
    await this.#told(async () => {
      const file = (this.#file ??= await namelessFile(this.#folder));
      for (let done = 0; done < bytes.length;)
        done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
    });
    this.#runs.push({ start, end: start + bytes.length });
  }

  async *#readRun(start: number, end: number): AsyncGenerator<readonly HistoryQuote[]> {
    for (let at = start; at < end;) {
      let bytes = await this.#bytes(at, Math.min(READ_BYTES, end - at));
      const first = packedBytes(bytes, 0);
      if (first > bytes.length) bytes = await this.#bytes(at, first);
      const quotes: HistoryQuote[] = [];
      let read = 0;
      while (read + SIZE_BYTES <= bytes.length && read + packedBytes(bytes, read) <= bytes.length) {
        quotes.push(unpackQuote(bytes, read));
        read += packedBytes(bytes, read);
      }
      at += read;
      yield quotes;
    }
  }

  #bytes(at: number, size: number): Promise<Buffer> {
    return this.#told(async () => {
      const bytes = Buffer.allocUnsafe(size);
      for (let done = 0; done < size;) {
        const { bytesRead } = (await this.#file?.read(bytes, done, size - done, at + done)) ?? { bytesRead: 0 };
        if (bytesRead === 0) throw new Error('it ends too early');
        done += bytesRead;
      }
      return bytes;
    });
  }

  async #told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new PulseError('disk-full', `the disk is full: quotes can't be put in order in ${this.#folder}`, {
          cause,
        });
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PulseError('disk-unwritable', `quotes can't be put in order in ${this.#folder}: ${why}`, { cause });
    }
  }
}

async function namelessFile(folder: string): Promise<FileHandle> {
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(folder, 'order-'));
  try {
    return await open(join(own, 'quotes'), 'wx+');
  } finally {
    rmSync(own, { recursive: true });
  }
}
