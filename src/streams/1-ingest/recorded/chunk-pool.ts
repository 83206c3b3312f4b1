/**
 * Memory for the chunks of a file: what is given back is used for the next chunk. A chunk that nobody gives back is but
 * garbage, and one that is given back too early is overwritten while it is read.
 *
 * It exists because V8 marks its whole heap for every few chunks that become garbage: that was a tenth of the processor
 * time of ingesting and processing a file.
 */
export class ChunkPool {
  /** The size of a whole chunk. */
  readonly bytes: number;
  private readonly idle: Buffer[] = [];

  /** Of chunks of so many bytes. */
  constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** Memory of `bytes` bytes, the pool's size or less, with anything in it. */
  take(bytes: number): Buffer {
    const kept = bytes === this.bytes ? this.idle.pop() : undefined;
    return kept ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Takes back a chunk that nobody will look at again; only a whole one serves again. */
  give(chunk: Buffer): void {
    if (chunk.length === this.bytes) this.idle.push(chunk);
  }
}
