const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a byte is for the walk over nested values: 0 nothing, 1 opens, 2 closes, 3 a quote. */
export const roles = new Uint8Array(256);
for (const byte of Buffer.from('[{')) roles[byte] = 1;
for (const byte of Buffer.from(']}')) roles[byte] = 2;
roles[QUOTE] = 3;

/**
 * Where the quote is that ends the string whose inside goes on at `from`; the chunk's length where it is not in the chunk,
 * and one more where a backslash is the chunk's last byte.
 */
export function endOfString(chunk: Buffer, from: number): number {
  let at = from;
  for (; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return at;
}

/** What may stand around values. */
export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
