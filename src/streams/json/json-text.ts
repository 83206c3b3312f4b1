const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const UTF16_ESCAPE = 0x75;
/** Bytes kept free behind the text: the end mark, and room for reads of whole words. */
const SLACK = 80;

const TRUE = 0x65757274;
const ALSE = 0x65736c61;
const NULL = 0x6c6c756e;

/** 1 for the bytes that may follow a backslash, but u. */
const shortEscapes = new Uint8Array(256);
for (const character of '"\\/bfnrt') shortEscapes[character.charCodeAt(0)] = 1;

/** 1 for hexadecimal digits. */
const hexDigits = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') hexDigits[character.charCodeAt(0)] = 1;

/**
 * The bytes of one JSON text and the scalar rules of its grammar. Each `skip…` takes where a thing begins and returns
 * the position behind it, or, where the thing is malformed, `~p` for the position p of the first wrong byte: negative.
 *
 * The text is copied into memory of its own (some 30 ns for 850 bytes), because then it ends in a byte that no rule
 * accepts, so that no loop needs to ask for the end, and strings are read a word at a time through one DataView. It
 * works on bytes because UTF-8, even when invalid, decodes each ASCII byte to itself, and no other byte has a part in
 * the grammar outside strings; inside strings any byte from 0x20 on is allowed.
 *
 * Source: RFC 8259, and ECMA-262 JSON.parse, which it equals in what it accepts.
 */
export class JsonText {
  /** `[0, end)` is the text, valid until the next load; `bytes[end]` is 0. */
  bytes: Buffer = Buffer.alloc(4096 + SLACK);
  view: DataView = viewOf(this.bytes);
  end = 0;

  /** Takes the bytes `[start, end)` of the source. */
  load(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length + SLACK > this.bytes.length) {
      this.bytes = Buffer.alloc(2 * length + SLACK);
      this.view = viewOf(this.bytes);
    }
    if (length === source.length) this.bytes.set(source);
    else source.copy(this.bytes, 0, start, end);
    this.bytes[length] = 0;
    this.end = length;
  }

  /** Behind any space, tab, line feed and carriage return. */
  skipSpace(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (let byte = bytes[at] ?? 0; byte <= 0x20; byte = bytes[++at] ?? 0) {
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    }
    return at;
  }

  /** Behind a string that begins with the quote at `from`. */
  skipString(from: number): number {
    const bytes = this.bytes;
    let at = from + 1;
    for (;;) {
      at = this.skipPlain(at);
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at + 1;
      if (byte !== BACKSLASH) return ~at;
      at = this.skipEscape(at);
      if (at < 0) return at;
    }
  }

  /** The characters of the string `[start, end)`, which begins and ends with its quotes. */
  stringValue(start: number, end: number): string {
    const plain = this.skipPlain(start + 1) === end - 1;
    if (plain) return this.bytes.toString('utf8', start + 1, end - 1);
    const value: unknown = JSON.parse(this.bytes.toString('utf8', start, end));
    return String(value);
  }

  /** Behind true, false or null. */
  skipLiteral(from: number): number {
    const word = this.view.getInt32(from, true);
    if (word === NULL || word === TRUE) return from + 4;
    if (this.bytes[from] === 0x66 && this.view.getInt32(from + 1, true) === ALSE) return from + 5;
    return ~from;
  }

  /** Behind a number that begins with the minus sign or digit at `from`. */
  skipNumber(from: number): number {
    const bytes = this.bytes;
    let at = from;
    if (bytes[at] === 0x2d) at++;
    if (bytes[at] === 0x30) at++;
    else if ((at = this.skipDigits(at)) < 0) return at;
    if (bytes[at] === 0x2e && (at = this.skipDigits(at + 1)) < 0) return at;
    if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
    const sign = bytes[at + 1];
    return this.skipDigits(sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
  }

  /** Behind one digit and all that follow it. */
  private skipDigits(from: number): number {
    const view = this.view;
    let at = from;
    // A byte's high bit is set where it is no digit.
    for (;;) {
      const word = view.getInt32(at, true) ^ 0x30303030;
      const marks = (((word & 0x7f7f7f7f) + 0x76767676) | word) & 0x80808080;
      if (marks !== 0) {
        at += firstMark(marks);
        return at === from ? ~at : at;
      }
      at += 4;
    }
  }

  /** Behind the bytes that stand for themselves in a string: none below 0x20, no quote, no backslash. */
  private skipPlain(from: number): number {
    const view = this.view;
    let at = from;
    // A byte's high bit is set where it is below 0x20, or 0 once the quote or the backslash is taken out of it; it may
    // also be set, by a borrow, in bytes behind the first of those.
    for (;;) {
      const word = view.getInt32(at, true);
      const control = word - 0x20202020;
      const quote = (word ^ 0x22222222) - 0x01010101;
      const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
      const marks = (control | quote | backslash) & ~word & 0x80808080;
      if (marks !== 0) return at + firstMark(marks);
      at += 4;
    }
  }

  /** Behind the escape whose backslash is at `from`. */
  private skipEscape(from: number): number {
    const bytes = this.bytes;
    const byte = bytes[from + 1] ?? 0;
    if (shortEscapes[byte] === 1) return from + 2;
    if (byte !== UTF16_ESCAPE) return ~(from + 1);
    for (let at = from + 2; at < from + 6; at++) if (hexDigits[bytes[at] ?? 0] !== 1) return ~at;
    return from + 6;
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The place of the first byte, in memory's order, of a little-endian word whose high bit is set. */
function firstMark(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}
