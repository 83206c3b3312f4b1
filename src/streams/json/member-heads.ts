import type { JsonText } from './json-text.ts';

/** How many members of an object have a remembered head, and how many words of one are kept. */
const MEMBERS = 64;
const WORDS = 16;

/**
 * The heads that the members of the objects scanned so far began with, by their place in the object: the bytes from the
 * brace or comma up to the value, such as `,"market_cap": `, and the field that the key names. Records of one producer
 * have the same keys in the same order, so comparing a few words replaces scanning half of a quote's bytes. A head that
 * equals one which was found good in the same place of the grammar is good, so a guess can miss but never be wrong.
 */
export class MemberHeads {
  private readonly text: JsonText;
  /** A head's words at 0, 4, 8, …; the last one ends with the head and so may overlap the one before. */
  private readonly words = new Int32Array(MEMBERS * WORDS);
  /** 0: none is known. A head has at least the 4 bytes of `,"":`. */
  private readonly lengths = new Int32Array(MEMBERS);
  private readonly fields = new Int32Array(MEMBERS);

  constructor(text: JsonText) {
    this.text = text;
  }

  /** Where the value of the member number `place` begins, whose head is at `from`; -1 where that is not the known one. */
  match(place: number, from: number): number {
    if (place >= MEMBERS) return -1;
    const length = this.lengths[place] ?? 0;
    if (length === 0) return -1;
    const view = this.text.view;
    const words = this.words;
    const last = from + length - 4;
    // The heads hold no 0, which ends the text: nothing behind the end can match.
    if (last > this.text.end) return -1;
    let word = place * WORDS;
    for (let at = from; at < last; at += 4) if (view.getInt32(at, true) !== words[word++]) return -1;
    // A head may have been learnt with less space behind its colon.
    return view.getInt32(last, true) === words[word] ? this.text.skipSpace(last + 4) : -1;
  }

  /** The field that the known head of the member number `place` names. */
  field(place: number): number {
    return this.fields[place] ?? 0;
  }

  /** Remembers the head `[from, end)`, which the grammar allows, where it is short enough. */
  learn(place: number, from: number, end: number, field: number): void {
    if (place >= MEMBERS || end - from > 4 * WORDS) return;
    let word = place * WORDS;
    for (let at = from; at < end - 4; at += 4) this.words[word++] = this.text.view.getInt32(at, true);
    this.words[word] = this.text.view.getInt32(end - 4, true);
    this.lengths[place] = end - from;
    this.fields[place] = field;
  }
}
