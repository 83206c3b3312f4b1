import { isUtf8 } from 'node:buffer';
import { visibleText } from './visible-text.ts';

/** Of bytes that are no text, so many are shown. */
const HEX_BYTES = 256;
const MAX_CHARACTER_BYTES = 4;

export interface ShownText {
  readonly text: string;
  readonly form: 'text' | 'hex';
}

/**
 * The beginning of some bytes as text that can be shown anywhere: UTF-8, in which nothing is invisible, or hexadecimal. At
 * most `limit` bytes of them, whatever there are.
 */
export function shownText(bytes: Buffer, limit: number): ShownText {
  const excerpt = bytes.length <= limit ? bytes : wholeCharacters(bytes.subarray(0, limit));
  if (isUtf8(excerpt)) return { text: visibleText(excerpt.toString('utf8')), form: 'text' };
  const pairs = bytes.subarray(0, Math.min(limit, HEX_BYTES)).toString('hex').match(/../g) ?? [];
  return { text: pairs.join(' '), form: 'hex' };
}

/** Without the character that the cut goes through. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let cut = 0; cut < MAX_CHARACTER_BYTES; cut++) {
    const shorter = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(shorter)) return shorter;
  }
  return bytes;
}
