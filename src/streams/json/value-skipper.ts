import type { JsonText } from './json-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
/** A closing bracket or brace is its opening one plus this. */
const CLOSING = 2;

/**
 * Walks over whole values of a JSON text, however deep, without recursion. As in {@link JsonText}, each method returns
 * the position behind the thing, or `~p` for the position p of the first wrong byte.
 */
export class ValueSkipper {
  private readonly text: JsonText;
  /** The closing bytes that the open arrays and objects wait for, the innermost last. */
  private open = new Uint8Array(64);

  constructor(text: JsonText) {
    this.text = text;
  }

  /** Behind the value that begins at `from`. */
  skip(from: number): number {
    const byte = this.text.bytes[from] ?? 0;
    if (byte === QUOTE) return this.text.skipString(from);
    if ((byte ^ 0x30) < 10 || byte === MINUS) return this.text.skipNumber(from);
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.skipNested(from);
    return this.text.skipLiteral(from);
  }

  /** Behind a key that begins at `from`, its colon, and the space around that: where the member's value begins. */
  skipKey(from: number): number {
    const text = this.text;
    if (text.bytes[from] !== QUOTE) return ~from;
    const end = text.skipString(from);
    if (end < 0) return end;
    const colon = text.skipSpace(end);
    return text.bytes[colon] === COLON ? text.skipSpace(colon + 1) : ~colon;
  }

  private skipNested(from: number): number {
    const bytes = this.text.bytes;
    let depth = 0;
    let at = from;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.push(depth++, byte + CLOSING);
        at = this.text.skipSpace(at + 1);
        if (bytes[at] !== byte + CLOSING) {
          if (byte === OPEN_OBJECT && (at = this.skipKey(at)) < 0) return at;
          continue;
        }
      } else {
        at = this.skip(at);
        if (at < 0) return at;
        at = this.text.skipSpace(at);
      }
      while (bytes[at] === this.open[depth - 1]) {
        if (--depth === 0) return at + 1;
        at = this.text.skipSpace(at + 1);
      }
      if (bytes[at] !== COMMA) return ~at;
      at = this.text.skipSpace(at + 1);
      if (this.open[depth - 1] === OPEN_OBJECT + CLOSING && (at = this.skipKey(at)) < 0) return at;
    }
  }

  private push(depth: number, closing: number): void {
    if (depth === this.open.length) {
      const grown = new Uint8Array(2 * depth);
      grown.set(this.open);
      this.open = grown;
    }
    this.open[depth] = closing;
  }
}
