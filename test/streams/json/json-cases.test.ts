import { describe, expect, it } from 'vitest';
import { FieldScanner } from '../../../src/streams/json/field-scanner.ts';
import { expectAsJsonParseDoes } from './as-json-parse-does.ts';
import { jsonCases } from './json-cases.ts';

const names = ['a', '', 'id'];
const scanner = new FieldScanner(names);
/** The text alone, as a wanted field, as one that nobody wants, and deep inside one. */
const places = [
  (text: string) => text,
  ...['a', 'x'].map((key) => (text: string) => `{"id":1,"${key}":${text},"b":[]}`),
];
const deep = (text: string): string => `{"x":[{"y":[${text},{"z":${text}}]}],"id":"c"}`;

const isAccepted = (bytes: Buffer): boolean => {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

describe.each(['accept', 'refuse', 'either'] as const)('a scanner and JSON.parse agree to %s', (verdict) => {
  it.each(Object.entries(jsonCases[verdict]))('%s', (_, text) => {
    const alone = Buffer.from(text, 'latin1');
    if (verdict !== 'either') {
      expect(isAccepted(alone)).toBe(verdict === 'accept');
      expect(scanner.scan(alone) !== 'malformed').toBe(verdict === 'accept');
    }
    for (const placed of [...places, deep]) {
      expectAsJsonParseDoes([{ names, scanner }], Buffer.from(placed(text), 'latin1'));
    }
  });
});
