import type { ElementSplitter } from '../element-splitter.ts';
import { HeldElement } from '../held-element.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts bytes into lines, each without its LF or CRLF; the last needs none. Lines of nothing but spaces, tabs and carriage
 * returns are left out.
 */
export class LineSplitter implements ElementSplitter {
  /** The last line needs no end. */
  readonly isUnfinished = false;
  private readonly held: HeldElement;

  /** Lines longer than `limit` bytes are cut off behind it. */
  constructor(limit: number) {
    this.held = new HeldElement(limit);
  }

  get cutOff(): number {
    return this.held.cutOff;
  }

  push(chunk: Buffer, into: Buffer[]): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end < 0) break;
      this.add(chunk.subarray(from, end), into);
      from = end + 1;
    }
    if (from < chunk.length) this.held.hold(chunk.subarray(from));
  }

  end(into: Buffer[]): void {
    this.add(NOTHING, into);
  }

  private add(last: Buffer, into: Buffer[]): void {
    const line = this.held.isEmpty && last.length === 0 ? NOTHING : withoutReturn(this.held.complete(last));
    if (!isBlank(line)) into.push(line);
  }
}

const withoutReturn = (line: Buffer): Buffer =>
  line[line.length - 1] === CARRIAGE_RETURN ? line.subarray(0, -1) : line;

function isBlank(line: Buffer): boolean {
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte !== SPACE && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}
