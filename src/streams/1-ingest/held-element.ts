/** The bytes of an element that began in an earlier chunk, up to a limit. */
export class HeldElement {
  private readonly limit: number;
  private pieces: Buffer[] = [];
  private held = 0;
  private length = 0;
  private overlong = 0;

  /** Elements longer than `limit` bytes are cut off behind it. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many elements were cut off. */
  get cutOff(): number {
    return this.overlong;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Keeps a piece of an element that goes on in the next chunk. */
  hold(piece: Buffer): void {
    this.length += piece.length;
    const room = this.limit - this.held;
    if (room <= 0 || piece.length === 0) return;
    // A copy, as a view would keep the whole chunk for the sake of its last bytes.
    const kept = Buffer.from(piece.subarray(0, room));
    this.pieces.push(kept);
    this.held += kept.length;
  }

  /** The element that ends with this piece, of at most `limit` bytes; nothing is held after that. */
  complete(last: Buffer): Buffer {
    const length = this.length + last.length;
    if (length > this.limit) this.overlong++;
    const pieces = this.pieces;
    const element =
      pieces.length === 0
        ? last.subarray(0, this.limit)
        : Buffer.concat([...pieces, last.subarray(0, this.limit - this.held)]);
    this.pieces = [];
    this.held = 0;
    this.length = 0;
    return element;
  }
}
