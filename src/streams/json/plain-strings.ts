const BACKSLASH = 0x5c;
const FIRST_SLOTS = 1024;

/** A slot is four numbers next to each other: hash, start and length in the pool, and the string's place + 1 (0: free). */
const SLOT = 4;
const START = 1;
const LENGTH = 2;
const PLACE = 3;

/**
 * Finds the string of some bytes among those it made before, so that a key which comes again and again is one string,
 * made and hashed once. It holds at most `limit` strings: all are dropped when one more comes.
 *
 * An open-addressing table by a hash of the bytes (FNV-1a), never more than half full. It lies in flat arrays because
 * with thousands of keys the time goes into fetching memory: an object a key made all of quote parsing a quarter slower.
 */
export class PlainStrings {
  private readonly limit: number;
  private slots = new Int32Array(SLOT * FIRST_SLOTS);
  private strings: string[] = [];
  /** The bytes of all strings, one after the other. */
  private pool = Buffer.alloc(16 * FIRST_SLOTS);
  private pooled = 0;

  constructor(limit = 65_536) {
    this.limit = limit;
  }

  /**
   * The string that the bytes `[start, end)` between the quotes of a JSON string stand for, undefined where they are not
   * plain: where one is no ASCII, or a backslash.
   */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    let hash = 0x811c9dc5 | 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 || byte === BACKSLASH) return undefined;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const slots = this.slots;
    let at = firstSlot(slots, hash);
    while (slots[at + PLACE] !== 0) {
      if (slots[at] === hash && this.isAt(at, bytes, start, end)) return this.strings[(slots[at + PLACE] ?? 0) - 1];
      at = nextSlot(slots, at);
    }
    return this.add(hash, bytes, start, end);
  }

  private isAt(slot: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.slots[slot + LENGTH] !== end - start) return false;
    const pool = this.pool;
    let at = this.slots[slot + START] ?? 0;
    for (let i = start; i < end; i++) if (pool[at++] !== bytes[i]) return false;
    return true;
  }

  private add(hash: number, bytes: Buffer, start: number, end: number): string {
    if (this.strings.length === this.limit) this.clear();
    if (2 * SLOT * (this.strings.length + 1) > this.slots.length) this.growSlots();
    if (this.pooled + end - start > this.pool.length) this.growPool(end - start);
    bytes.copy(this.pool, this.pooled, start, end);
    const text = bytes.toString('latin1', start, end);
    put(this.slots, hash, this.pooled, end - start, this.strings.push(text));
    this.pooled += end - start;
    return text;
  }

  private clear(): void {
    this.slots.fill(0);
    this.strings = [];
    this.pooled = 0;
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += SLOT) {
      const place = old[at + PLACE] ?? 0;
      if (place !== 0) put(this.slots, old[at] ?? 0, old[at + START] ?? 0, old[at + LENGTH] ?? 0, place);
    }
  }

  private growPool(length: number): void {
    const grown = Buffer.alloc(2 * (this.pool.length + length));
    this.pool.copy(grown, 0, 0, this.pooled);
    this.pool = grown;
  }
}

/** Fills the first free slot for the hash. */
function put(slots: Int32Array, hash: number, start: number, length: number, place: number): void {
  let at = firstSlot(slots, hash);
  while (slots[at + PLACE] !== 0) at = nextSlot(slots, at);
  slots[at] = hash;
  slots[at + START] = start;
  slots[at + LENGTH] = length;
  slots[at + PLACE] = place;
}

/** FNV-1a's high bits are its better ones. */
function firstSlot(slots: Int32Array, hash: number): number {
  return ((hash ^ (hash >>> 15)) << 2) & (slots.length - 1);
}

function nextSlot(slots: Int32Array, at: number): number {
  return (at + SLOT) & (slots.length - 1);
}
