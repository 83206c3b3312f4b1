import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldScanner } from '../../../src/streams/json/field-scanner.ts';
import { expectAsJsonParseDoes } from './as-json-parse-does.ts';
import { nearMiss, objectText, valueText } from './json-texts.ts';

const folder = new URL('../../fixtures/quotes/', import.meta.url);
const quotes = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(new URL(name, folder)));

const fieldSets = [
  ['id', 'last_updated', 'current_price', 'market_cap', 'total_volume'],
  ['id'],
  ['a', '', '__proto__', 'constructor', 'id', 'current_price'],
  ['roi', 'max_supply', 'atl_change_percentage', 'name', 'image', 'circulating_supply', 'symbol'],
  [],
];
/** Kept over all runs, as in use: what a scanner learnt from one text must not change what it says of another. */
const scanners = fieldSets.map((names) => ({ names, scanner: new FieldScanner(names) }));

const check = (bytes: Buffer): void => expectAsJsonParseDoes(scanners, bytes);

const quote = fc.constantFrom(...quotes);
const place = fc.nat(2000);
const spliced = (bytes: Buffer, at: number, count: number, insert: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + count)]);

describe('a scanner accepts what JSON.parse accepts, with the same values', () => {
  it.each(quotes.map((bytes) => [bytes.toString('utf8').slice(0, 40), bytes] as const))(
    'of a real quote: %s',
    (_, bytes) => {
      check(bytes);
      check(bytes);
    },
  );

  it('of objects in every spelling', () => {
    fc.assert(
      fc.property(objectText, (text) => check(Buffer.from(text))),
      { numRuns: 2500 },
    );
  });

  it('of any value, and any value as a field', () => {
    fc.assert(
      fc.property(valueText, (text) => {
        check(Buffer.from(text));
        check(Buffer.from(`{"id":${text},"x":${text}}`));
      }),
      { numRuns: 2100 },
    );
  });

  it('of near misses', () => {
    fc.assert(
      fc.property(nearMiss, (text) => {
        check(Buffer.from(text));
        check(Buffer.from(`{"id":${text}}`));
        check(Buffer.from(`{"a":[${text}],"id":1}`));
      }),
      { numRuns: 4000 },
    );
  });

  it('of real quotes with a byte changed', () => {
    fc.assert(
      fc.property(quote, place, fc.nat(255), (bytes, at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at % bytes.length] = byte;
        check(changed);
      }),
      { numRuns: 3000 },
    );
  });

  it('of real quotes with something put in, cut out, doubled or cut short', () => {
    const token = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      nearMiss.map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(quote, place, fc.nat(40), token, (bytes, at, count, insert) => {
        const from = at % bytes.length;
        check(spliced(bytes, from, 0, insert));
        check(spliced(bytes, from, count, insert));
        check(spliced(bytes, from, 0, bytes.subarray(from, from + count)));
        check(bytes.subarray(0, from));
      }),
      { numRuns: 1500 },
    );
  });

  it('of quotes whose members come in any order', () => {
    const members = quotes.map((bytes) => Object.entries(JSON.parse(bytes.toString('utf8')) as object));
    const shuffled = fc.constantFrom(...members).chain((entries) => fc.shuffledSubarray(entries, { minLength: 0 }));
    fc.assert(
      fc.property(shuffled, fc.constantFrom(undefined, 1, '\t'), (entries, indent) => {
        check(Buffer.from(JSON.stringify(Object.fromEntries(entries), null, indent)));
      }),
      { numRuns: 1500 },
    );
  });

  it('of every byte in every place', () => {
    const places = ['_', '_[]', '[]_', '[_]', '[1_]', '[1_2]', '[-_]', '[1._]', '[1e_]', '["_"]', '["a_"]', '["\\_"]'];
    const more = [
      '["\\u_000"]',
      '["\\u000_"]',
      '{_}',
      '{"id"_1}',
      '{"id":_}',
      '{"id":1_}',
      '{"id":1,_"a":2}',
      '{"i_d":1}',
    ];
    for (const [before = '', after = ''] of [...places, ...more].map((text) => text.split('_'))) {
      for (let byte = 0; byte < 256; byte++) {
        check(Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(after)]));
      }
    }
  });

  it('of random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => check(Buffer.from(bytes))),
      { numRuns: 2500 },
    );
  });
});

describe('a scanner', () => {
  it('is not misled by a head that it learnt with less space', () => {
    check(Buffer.from('{"id":1,"a":2}'));
    check(Buffer.from('{"id": 1,"a":\n\t2}'));
    check(Buffer.from('{ "id" : 1 , "a" : 2 }'));
  });

  it('is not misled by what the text before left behind its end', () => {
    for (const long of ['{"id":"aaaaaaaaaaaaaaaa","a":true}', '{"id":12345678901234567890}']) {
      for (let end = 0; end <= long.length; end++) {
        check(Buffer.from(long));
        check(Buffer.from(long.slice(0, end)));
      }
    }
  });

  it('reads a part of a buffer as if there were nothing else', () => {
    const scanner = new FieldScanner(['id']);
    const bytes = Buffer.from('{"id":1}{"id":22}}');
    expect(scanner.scan(bytes, 8, 17)).toBe('object');
    expect(scanner.number(0)).toBe(22);
    expect(scanner.scan(bytes, 8, 16)).toBe('malformed');
    expect(scanner.scan(bytes, 8)).toBe('malformed');
    expect(scanner.scan(bytes, 8, 8)).toBe('malformed');
  });

  it('keeps what it read when the source is overwritten', () => {
    const scanner = new FieldScanner(['id']);
    const bytes = Buffer.from('{"id":"solana"}');
    scanner.scan(bytes);
    bytes.fill(0);
    expect(scanner.string(0)).toBe('solana');
  });

  it('follows any depth', () => {
    const depth = 200_000;
    const scanner = new FieldScanner(['id']);
    const scan = (text: string): string => scanner.scan(Buffer.from(text));
    const nested = '{"id":'.repeat(depth) + '1' + '}'.repeat(depth);
    expect(scan('['.repeat(depth) + ']'.repeat(depth))).toBe('other');
    expect(scan('['.repeat(depth) + ']'.repeat(depth - 1))).toBe('malformed');
    expect(scan('['.repeat(depth) + ']'.repeat(depth + 1))).toBe('malformed');
    expect(scan(nested)).toBe('object');
    expect(scanner.end(0) - scanner.start(0)).toBe(nested.length - 7);
  });

  it('reads texts larger than any before, and small ones after them', () => {
    const text = Buffer.from(`{"id":"${'x'.repeat(5000)}"}`);
    for (let length = 4000; length < 4200; length++) {
      const fresh = [{ names: ['id'], scanner: new FieldScanner(['id']) }];
      expectAsJsonParseDoes(fresh, text.subarray(0, length));
      expectAsJsonParseDoes(fresh, Buffer.concat([text.subarray(0, length), Buffer.from('"}')]));
    }
    const long = `"${'x'.repeat(100_000)}é"`;
    check(Buffer.from(`{"a":${long},"id":${long}}`));
    check(Buffer.from('{"id":"b"}'));
  });

  it('reads objects of many members and keys of any length', () => {
    const members = Array.from({ length: 200 }, (_, i) => `"${'k'.repeat(i)}":${i}`);
    check(Buffer.from(`{${members.join(',')},"id":"last"}`));
    check(Buffer.from(`{${members.join(',')},"id":"last"}`));
    check(Buffer.from(`{${members.toReversed().join(', ')},"id":"last"}`));
  });

  it('says where a text goes wrong', () => {
    const scanner = new FieldScanner([]);
    const at = (text: string): number => (scanner.scan(Buffer.from(text)), scanner.malformedAt);
    expect(at('{"a":1,}')).toBe(7);
    expect(at('{"a":01}')).toBe(6);
    expect(at('{"a":"\n"}')).toBe(6);
    expect(at('{"a":"\\x"}')).toBe(7);
    expect(at('{"a":tru}')).toBe(5);
    expect(at('{"a":1} x')).toBe(8);
    expect(at('{"a"')).toBe(4);
    expect(at('')).toBe(0);
    expect(at('\ufeff{}')).toBe(0);
    expect(at('[[1,2}')).toBe(5);
  });

  it.each([[['a', 'a']], [['a"b']], [['a\\b']], [['é']], [['\n']]])('refuses the names %j', (names) => {
    expect(() => new FieldScanner(names)).toThrow(RangeError);
  });
});
