import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PulseError } from '../../../errors.ts';
import { ChunkPool } from './chunk-pool.ts';

const HASH_CHUNK_BYTES = 1 << 20;

export interface Chunk {
  readonly bytes: Buffer;
  /** Says that nobody will look at the bytes again: another chunk may take their place. */
  readonly release: () => void;
}

/** A file as it was when it was opened; whoever opens it closes it. */
export interface RecordingFile {
  /** Its name without the folder. */
  readonly name: string;
  /** Of the bytes of the file as it lies there, compressed or not; hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** How many of its bytes have been read for {@link chunks}. */
  readonly readBytes: number;
  /**
   * The content in chunks of up to `chunkBytes`, unpacked where it is gzip. Rejects with `file-unreadable`, also where it
   * changed since it was opened.
   */
  chunks(chunkBytes: number): AsyncIterable<Chunk>;
  close(): Promise<void>;
}

/** Opens a file and reads it once for its hash. Rejects with `file-unreadable`. */
export async function openRecordingFile(path: string): Promise<RecordingFile> {
  const handle = await open(path, 'r').catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new PulseError('file-unreadable', `${path} is not a file.`);
    return new OpenFile(path, handle, await sha256Of(handle, stat.size), stat.size, stat.mtimeMs);
  } catch (cause) {
    await handle.close();
    throw unreadable(path, cause);
  }
}

class OpenFile implements RecordingFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readBytes = 0;
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly modifiedMs: number;

  constructor(path: string, handle: FileHandle, sha256: string, sizeBytes: number, modifiedMs: number) {
    this.name = basename(path);
    this.path = path;
    this.handle = handle;
    this.sha256 = sha256;
    this.sizeBytes = sizeBytes;
    this.modifiedMs = modifiedMs;
  }

  async *chunks(chunkBytes: number): AsyncIterable<Chunk> {
    try {
      const magic = await readAt(this.handle, Buffer.allocUnsafe(2), 0);
      const pool = new ChunkPool(chunkBytes);
      const raw = readAhead(this.handle, pool, this.sizeBytes, (position) => (this.readBytes = position));
      if (magic.toString('hex') !== '1f8b')
        for await (const bytes of raw) yield { bytes, release: () => pool.give(bytes) };
      // What gunzip gives is its own, and what it is given it keeps for nobody knows how long.
      else for await (const bytes of gunzipped(raw, chunkBytes)) yield { bytes, release: () => undefined };
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
    const { size, mtimeMs } = await this.handle.stat();
    if (size !== this.sizeBytes || mtimeMs !== this.modifiedMs) {
      const what = 'it counts as another recording now: reset the namespace, or use another one, before it is ingested';
      throw new PulseError('file-unreadable', `${this.path} changed while it was read; ${what}.`);
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** One gzip member after the other. */
async function* gunzipped(raw: AsyncIterable<Buffer>, chunkSize: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize });
  const source = Readable.from(raw);
  source.on('error', (error) => gunzip.destroy(error));
  const unpacked: AsyncIterable<Buffer> = source.pipe(gunzip);
  try {
    yield* unpacked;
  } finally {
    source.destroy();
  }
}

/** What of the file there is from `position` on, in `memory`. */
async function readAt(handle: FileHandle, memory: Buffer, position: number): Promise<Buffer> {
  const { bytesRead } = await handle.read(memory, 0, memory.length, position);
  return bytesRead === memory.length ? memory : memory.subarray(0, bytesRead);
}

/** The file's first `size` bytes, none that came later; while one chunk is used, the next is read. */
async function* readAhead(
  handle: FileHandle,
  pool: ChunkPool,
  size: number,
  onRead?: (position: number) => void,
): AsyncGenerator<Buffer> {
  const read = (position: number): Promise<Buffer> =>
    readAt(handle, pool.take(Math.min(pool.bytes, size - position)), position);
  let next = read(0);
  for (let position = 0; ;) {
    const chunk = await next;
    if (chunk.length === 0) return;
    position += chunk.length;
    next = read(position);
    // It is looked at when its turn comes, if it comes.
    next.catch(() => undefined);
    onRead?.(position);
    yield chunk;
  }
}

async function sha256Of(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256');
  const pool = new ChunkPool(HASH_CHUNK_BYTES);
  for await (const chunk of readAhead(handle, pool, size)) {
    hash.update(chunk);
    pool.give(chunk);
  }
  return hash.digest('hex');
}

function unreadable(path: string, cause: unknown): PulseError {
  if (cause instanceof PulseError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PulseError('file-unreadable', `${path} can't be read: ${why}`, { cause });
}
