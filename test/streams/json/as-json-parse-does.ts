import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { FieldScanner } from '../../../src/streams/json/field-scanner.ts';

/** A scanner and the names it was made with. */
export interface NamedScanner {
  readonly names: readonly string[];
  readonly scanner: FieldScanner;
}

/** Compares everything that scanners say of some bytes with what `JSON.parse` makes of them. */
export function expectAsJsonParseDoes(scanners: readonly NamedScanner[], bytes: Buffer): void {
  const oracle = parsed(bytes);
  const isObject = oracle !== undefined && kindOf(oracle.value) === 'object';
  for (const { names, scanner } of scanners) {
    const said = scanner.scan(bytes);
    same(bytes, 'the text', said, oracle === undefined ? 'malformed' : isObject ? 'object' : 'other');
    if (isObject) expectFields(names, scanner, oracle.value, bytes);
  }
}

function expectFields(names: readonly string[], scanner: FieldScanner, object: unknown, bytes: Buffer): void {
  for (const [field, name] of names.entries()) {
    const own = Object.getOwnPropertyDescriptor(object, name);
    same(bytes, `the kind of ${name}`, scanner.kind(field), own === undefined ? 'absent' : kindOf(own.value));
    if (own === undefined) continue;
    const text = scanner.bytes.toString('utf8', scanner.start(field), scanner.end(field));
    if (!isDeepStrictEqual(JSON.parse(text), own.value)) same(bytes, `the range of ${name}`, text, own.value);
    if (typeof own.value === 'number') same(bytes, name, scanner.number(field), own.value);
    if (typeof own.value === 'string') same(bytes, name, scanner.string(field), own.value);
  }
}

/** `expect` itself would take most of a property's time. */
function same(bytes: Buffer, what: string, actual: unknown, expected: unknown): void {
  if (!Object.is(actual, expected)) expect(actual, `${what} of ${bytes.toString('utf8')}`).toBe(expected);
}

function parsed(bytes: Buffer): { readonly value: unknown } | undefined {
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return {
      value: kindOf(value) === 'object' && Object.keys(value as object).length > 0 ? parsedAfresh(text) : value,
    };
  } catch {
    return undefined;
  }
}

let parses = 0;

/**
 * The object of a text that holds one, with members. V8 13.6 (Node 24) guesses the next key from objects parsed before, and
 * takes `"\u0061"` for a backslash where an object with that key came earlier; behind a first key that no object ever had
 * there is nothing to guess from.
 */
function parsedAfresh(text: string): object {
  const first = `~${parses++}`;
  const object = JSON.parse(text.replace('{', `{"${first}":0,`)) as object;
  Reflect.deleteProperty(object, first);
  return object;
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
