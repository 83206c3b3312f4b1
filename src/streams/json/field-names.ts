import type { JsonText } from './json-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLAIN = /^[\x20-\x7e]*$/u;

/** The names of the wanted fields, to be found by the bytes of a key. */
export class FieldNames {
  private readonly names: readonly string[];
  /** The names' bytes with the quotes around them. */
  private readonly quoted: readonly Buffer[];

  /** Throws a RangeError for a name that is not printable ASCII without quotes and backslashes, or that comes twice. */
  constructor(names: readonly string[]) {
    for (const name of names) {
      if (!PLAIN.test(name) || name.includes('"') || name.includes('\\')) throw new RangeError(`Not plain: ${name}`);
    }
    if (new Set(names).size < names.length) throw new RangeError(`A name comes twice: ${names.join(', ')}`);
    this.names = names;
    this.quoted = names.map((name) => Buffer.from(`"${name}"`));
  }

  /** The place of the name that the key at `from` spells; as many as there are names where it is none of them. */
  fieldAt(text: JsonText, from: number): number {
    const quoted = this.quoted;
    for (let field = 0; field < quoted.length; field++) {
      const name = quoted[field];
      if (name !== undefined && startsWith(text.bytes, from, name)) return field;
    }
    return this.escapedAt(text, from);
  }

  private escapedAt(text: JsonText, from: number): number {
    const bytes = text.bytes;
    let at = from + 1;
    while (bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
    if (bytes[at] === QUOTE) return this.names.length;
    const field = this.names.indexOf(text.stringValue(from, text.skipString(from)));
    return field < 0 ? this.names.length : field;
  }
}

function startsWith(bytes: Buffer, from: number, what: Buffer): boolean {
  for (let i = 0; i < what.length; i++) if (bytes[from + i] !== what[i]) return false;
  return true;
}
