const BACKSLASH = 0x5c;
const FIRST_SLOTS = 1024;

interface Entry {
  readonly hash: number;
  readonly bytes: Buffer;
  readonly text: string;
}

/**
 * Finds the string of some bytes among those it made before, so that a key which comes again and again is one string,
 * made and hashed once. It holds at most `limit` strings: all are dropped when one more comes.
 *
 * An open-addressing table by a hash of the bytes (FNV-1a), never more than half full.
 */
export class PlainStrings {
  private readonly limit: number;
  private slots: (Entry | undefined)[] = emptySlots(FIRST_SLOTS);
  private count = 0;

  constructor(limit = 65_536) {
    this.limit = limit;
  }

  /**
   * The string that the bytes `[start, end)` between the quotes of a JSON string stand for, undefined where they are not
   * plain: where one is no ASCII, or a backslash.
   */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 || byte === BACKSLASH) return undefined;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const mask = this.slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot];
      if (entry === undefined) return this.add(hash, bytes, start, end);
      if (entry.hash === hash && isEqual(entry.bytes, bytes, start, end)) return entry.text;
    }
  }

  private add(hash: number, bytes: Buffer, start: number, end: number): string {
    if (this.count === this.limit) {
      this.slots = emptySlots(FIRST_SLOTS);
      this.count = 0;
    }
    if (2 * (this.count + 1) > this.slots.length) {
      const entries = this.slots;
      this.slots = emptySlots(2 * entries.length);
      for (const entry of entries) if (entry !== undefined) this.place(entry);
    }
    const entry = { hash, bytes: Buffer.from(bytes.subarray(start, end)), text: bytes.toString('latin1', start, end) };
    this.place(entry);
    this.count++;
    return entry.text;
  }

  private place(entry: Entry): void {
    const mask = this.slots.length - 1;
    let slot = spread(entry.hash) & mask;
    while (this.slots[slot] !== undefined) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }
}

/** FNV-1a's high bits are its better ones. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

function emptySlots(count: number): (Entry | undefined)[] {
  return new Array<Entry | undefined>(count).fill(undefined);
}

function isEqual(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
