import type { JsonText } from './json-text.ts';

/** How many members of an object have a remembered head, and how many words of 8 bytes one may have. */
const MEMBERS = 64;
const WORDS = 8;
const WORD = 8;
const HALF = 4;

/**
 * The heads that the members of the objects scanned so far began with, by their place in the object: the bytes from the
 * brace or comma up to the value, such as `,"market_cap": `, and the field that the key names. Records of one producer
 * have the same keys in the same order, so comparing a few words replaces scanning half of a quote's bytes. A head that
 * equals one which was found good in the same place of the grammar is good, so a guess can miss but never be wrong.
 *
 * Words are compared as float64, 8 bytes at once: that is exact, for a head holds neither the zero bytes that make two
 * zeros equal nor, to be taken for equal, a NaN.
 */
export class MemberHeads {
  private readonly text: JsonText;
  /** A head's words at 0, 8, 16, …; the last one ends with the head and so may overlap the one before. */
  private readonly words = new Float64Array(MEMBERS * WORDS);
  /** The first and last half word, for a head that has less than a word. It has at least the 4 bytes of `,"":`. */
  private readonly firsts = new Int32Array(MEMBERS);
  private readonly lasts = new Int32Array(MEMBERS);
  /** 0: none is known. */
  private readonly lengths = new Int32Array(MEMBERS);
  private readonly fields = new Int32Array(MEMBERS);

  constructor(text: JsonText) {
    this.text = text;
  }

  /** Where the value of the member number `place` begins, whose head is at `from`; -1 where that is not the known one. */
  match(place: number, from: number): number {
    if (place >= MEMBERS) return -1;
    const length = this.lengths[place] ?? 0;
    const view = this.text.view;
    // A head holds no 0, which ends the text: nothing that goes beyond the end can match.
    if (length === 0) return -1;
    if (length < WORD) {
      if (view.getInt32(from, true) !== this.firsts[place]) return -1;
      if (view.getInt32(from + length - HALF, true) !== this.lasts[place]) return -1;
    } else {
      const words = this.words;
      const last = from + length - WORD;
      let word = place * WORDS;
      for (let at = from; at < last; at += WORD) if (view.getFloat64(at, true) !== words[word++]) return -1;
      if (view.getFloat64(last, true) !== words[word]) return -1;
    }
    // A head may have been learnt with less space behind its colon.
    return this.text.skipSpace(from + length);
  }

  /** The field that the known head of the member number `place` names. */
  field(place: number): number {
    return this.fields[place] ?? 0;
  }

  /** Remembers the head `[from, end)`, which the grammar allows, where it is short enough. */
  learn(place: number, from: number, end: number, field: number): void {
    const length = end - from;
    if (place >= MEMBERS || length > WORD * WORDS) return;
    const view = this.text.view;
    if (length >= WORD) {
      let word = place * WORDS;
      for (let at = from; at < end - WORD; at += WORD) this.words[word++] = view.getFloat64(at, true);
      this.words[word] = view.getFloat64(end - WORD, true);
    }
    this.firsts[place] = view.getInt32(from, true);
    this.lasts[place] = view.getInt32(end - HALF, true);
    this.lengths[place] = length;
    this.fields[place] = field;
  }
}
