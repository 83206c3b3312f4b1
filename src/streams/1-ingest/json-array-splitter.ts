import type { ElementSplitter } from './element-splitter.ts';
import { HeldElement } from './held-element.ts';
import { endOfString, isSpace, roles } from './json-bytes.ts';

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * Where the splitter is. Every step takes one thing of the input and returns the position behind it, or the end of the
 * chunk where it goes on in the next.
 */
type State = 'outside' | 'between' | 'nested' | 'string' | 'nested-string' | 'scalar' | 'stray' | 'behind';

/**
 * Cuts a JSON array into its elements, each with exactly the bytes it has there. Further arrays may follow the first.
 *
 * It only balances brackets and strings, and leaves it to whoever reads an element to judge it: of well-formed input the
 * elements are those of `JSON.parse`; of malformed input every byte but separators is in some element, the one it broke
 * off in included.
 */
export class JsonArraySplitter implements ElementSplitter {
  isUnfinished = false;
  private readonly held: HeldElement;
  /** Whether the array is a member of an object whose rest is still to be passed over. */
  private isWrapped: boolean;
  private state: State = 'outside';
  private depth = 0;
  private isEscaped = false;
  private isPassing = false;

  /**
   * Elements longer than `limit` bytes are cut off behind it. `isWrapped`: the first array is a member of an object, whose
   * other members behind it are passed over.
   */
  constructor(limit: number, isWrapped = false) {
    this.held = new HeldElement(limit);
    this.isWrapped = isWrapped;
  }

  get cutOff(): number {
    return this.held.cutOff;
  }

  push(chunk: Buffer, into: Buffer[]): void {
    let at = 0;
    let start = 0;
    while (at < chunk.length) {
      if (this.state === 'behind') return;
      if (this.state === 'outside' || this.state === 'between') {
        start = at = this.skipTo(chunk, at);
        continue;
      }
      at = this.step(chunk, at);
      if (this.isInElement()) continue;
      if (this.isPassing) this.passed();
      else into.push(this.held.complete(chunk.subarray(start, at)));
    }
    if (this.isInElement() && !this.isPassing) this.held.hold(chunk.subarray(start));
  }

  end(into: Buffer[]): void {
    if (!this.held.isEmpty) into.push(this.held.complete(NOTHING));
    this.isUnfinished = this.state !== 'outside' && this.state !== 'behind';
    this.state = 'behind';
  }

  private isInElement(): boolean {
    const { state } = this;
    return state !== 'outside' && state !== 'between' && state !== 'behind';
  }

  /** Passes over what separates elements, or arrays, up to where an element begins. */
  private skipTo(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (isSpace(byte)) continue;
      if (this.state === 'outside') {
        this.state = byte === OPEN_ARRAY ? 'between' : 'stray';
        if (this.state === 'stray') return at;
      } else if (byte === CLOSE_ARRAY) {
        this.state = 'outside';
        if (this.isWrapped) return this.passRest(at + 1);
      } else if (byte !== COMMA) {
        this.begin(byte);
        return at;
      }
    }
    return chunk.length;
  }

  /** The rest of the object around the array is walked like an element whose brace was open before, and dropped. */
  private passRest(at: number): number {
    this.isWrapped = false;
    this.isPassing = true;
    this.state = 'nested';
    this.depth = 1;
    return at;
  }

  private passed(): void {
    this.isPassing = false;
    this.state = 'outside';
  }

  private begin(byte: number): void {
    this.depth = 0;
    const role = roles[byte];
    this.state = role === 1 ? 'nested' : role === 3 ? 'string' : 'scalar';
    // The step after this one sees the opening bracket again and counts it, but must not take the quote for a closing one.
    this.isEscaped = role === 3;
  }

  private step(chunk: Buffer, from: number): number {
    switch (this.state) {
      case 'nested':
        return this.walkNested(chunk, from);
      case 'nested-string':
      case 'string':
        return this.walkString(chunk, from, this.state);
      case 'scalar':
        return this.walkScalar(chunk, from);
      default:
        return this.walkStray(chunk, from);
    }
  }

  private walkNested(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const role = roles[chunk[at] ?? 0];
      if (role === 0) continue;
      if (role === 3) {
        // Strings that end in the chunk are passed over here, which is what makes it fast.
        const end = endOfString(chunk, at + 1);
        if (end < chunk.length) at = end;
        else return this.walkString(chunk, at + 1, 'nested-string');
      } else if ((this.depth += role === 1 ? 1 : -1) === 0) {
        this.state = 'between';
        return at + 1;
      }
    }
    return chunk.length;
  }

  private walkString(chunk: Buffer, from: number, state: 'string' | 'nested-string'): number {
    this.state = state;
    const end = endOfString(chunk, this.isEscaped ? from + 1 : from);
    this.isEscaped = end > chunk.length;
    if (end >= chunk.length) return chunk.length;
    this.state = state === 'string' ? 'between' : 'nested';
    return end + 1;
  }

  private walkScalar(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte !== COMMA && byte !== CLOSE_ARRAY && !isSpace(byte)) continue;
      this.state = 'between';
      return at;
    }
    return chunk.length;
  }

  /** What is in no array is an element up to the end of its line. */
  private walkStray(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(LINE_FEED, from);
    if (end < 0) return chunk.length;
    this.state = 'outside';
    return end;
  }
}
