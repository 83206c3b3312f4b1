import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonArraySplitter } from '../../../src/streams/1-ingest/json-array-splitter.ts';

const LIMIT = 1 << 20;

/** The elements of bytes that come in chunks which end at the given places. */
function split(bytes: Buffer, cuts: readonly number[] = [], splitter = new JsonArraySplitter(LIMIT)): string[] {
  const elements: Buffer[] = [];
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (let i = 1; i < places.length; i++) splitter.push(bytes.subarray(places[i - 1], places[i]), elements);
  splitter.end(elements);
  return elements.map((element) => element.toString('utf8'));
}

const splitText = (text: string): string[] => split(Buffer.from(text));

/** JSON text of an array with arbitrary white space around everything, and the texts of its elements. */
const arrays = fc
  .tuple(fc.array(fc.tuple(fc.jsonValue(), fc.constantFrom('', ' ', '\n  ', '\t\r\n'))), fc.constantFrom(0, 2))
  .map(([items, indent]) => {
    const elements = items.map(([value]) => JSON.stringify(value, null, indent));
    const body = elements.map((element, i) => `${items[i]![1]}${element}${items[i]![1]}`).join(',');
    return { text: ` [${body}] \n`, elements };
  });

describe('JsonArraySplitter', () => {
  it('gives the very bytes of each element, wherever chunks end', () => {
    fc.assert(
      fc.property(arrays, fc.array(fc.nat(), { maxLength: 20 }), ({ text, elements }, cuts) => {
        expect(split(Buffer.from(text), cuts)).toEqual(elements);
        expect(elements.map((element): unknown => JSON.parse(element))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same elements when every byte comes alone', () => {
    const text = '[{"a":"]\\"\\\\","b":[1,{"c":"}"}]},"x\\\\",1e5,-0.0,true,null,[],{}]';
    const bytes = Buffer.from(text);
    const every = Array.from({ length: bytes.length }, (_, i) => i);
    expect(split(bytes, every)).toEqual([
      '{"a":"]\\"\\\\","b":[1,{"c":"}"}]}',
      '"x\\\\"',
      '1e5',
      '-0.0',
      'true',
      'null',
      '[]',
      '{}',
    ]);
  });

  it('finds nothing in an empty array, in white space and in nothing', () => {
    expect(splitText('[]')).toEqual([]);
    expect(splitText(' \n')).toEqual([]);
    expect(splitText('')).toEqual([]);
  });

  it('takes one array after the other', () => {
    expect(splitText('[1,2]\n[3]\n[]\n[{"a":4}]')).toEqual(['1', '2', '3', '{"a":4}']);
  });

  it('passes over the rest of the object around a wrapped array, and over nothing behind it', () => {
    const bytes = Buffer.from('[{"id":"a"}], "page": [1, "}"], "of": {"n": 2}} \n {"id":"b"}\n[3]');
    for (let cut = 0; cut < bytes.length; cut++) {
      const splitter = new JsonArraySplitter(LIMIT, true);
      expect(split(bytes, [cut], splitter)).toEqual(['{"id":"a"}', '{"id":"b"}', '3']);
    }
  });

  it('keeps the element that the input breaks off in', () => {
    expect(splitText('[{"id":"a"},{"id":"b","name":"B')).toEqual(['{"id":"a"}', '{"id":"b","name":"B']);
    expect(splitText('[{"id":"a"},12')).toEqual(['{"id":"a"}', '12']);
    expect(splitText('[{"id":"a"},')).toEqual(['{"id":"a"}']);
  });

  it('keeps what lies outside the array, a line at a time', () => {
    expect(splitText('[1] oops\nmore\n[2]')).toEqual(['1', 'oops', 'more', '2']);
  });

  it('loses no byte but separators of whatever comes', () => {
    const noise = fc.array(fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', 'a', '1', ' ', '\n', '"a"', '{"a":1}'));
    fc.assert(
      fc.property(noise, fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
        const bytes = Buffer.from(`[${parts.join('')}`);
        const elements = split(bytes, cuts);
        expect(elements).toEqual(split(bytes));
        const kept = elements.join('').replace(/[\s,[\]]/gu, '');
        expect(kept).toBe(bytes.toString('utf8').replace(/[\s,[\]]/gu, ''));
      }),
      { numRuns: 500 },
    );
  });

  it('cuts an element off behind the limit and goes on with the next', () => {
    const splitter = new JsonArraySplitter(8);
    expect(split(Buffer.from('["0123456789",["abcdefgh","]"],7]'), [5, 9, 20], splitter)).toEqual([
      '"0123456',
      '["abcdef',
      '7',
    ]);
    expect(splitter.cutOff).toBe(2);
  });
});
