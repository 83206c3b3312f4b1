import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../src/streams/1-ingest/recorded/line-splitter.ts';

function split(bytes: Buffer, cuts: readonly number[] = [], splitter = new LineSplitter(1 << 20)): string[] {
  const lines: Buffer[] = [];
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (let i = 1; i < places.length; i++) splitter.push(bytes.subarray(places[i - 1], places[i]), lines);
  splitter.end(lines);
  return lines.map((line) => line.toString('utf8'));
}

describe('LineSplitter', () => {
  it('gives the lines that are not blank, wherever chunks end', () => {
    const lines = fc.array(fc.constantFrom('{"id":"a"}', 'x', '', ' ', '\t', ' y ', 'ü€🚀', '\r', 'a\rb'));
    const endings = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(lines, endings, fc.boolean(), fc.array(fc.nat(), { maxLength: 20 }), (all, ending, closed, cuts) => {
        const text = all.join(ending) + (closed ? ending : '');
        const expected = text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => line.replace(/\r$/u, ''));
        expect(split(Buffer.from(text), cuts)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('needs no newline behind the last line', () => {
    expect(split(Buffer.from('a\r\n\r\n\nb'))).toEqual(['a', 'b']);
  });

  it('cuts a line off behind the limit and goes on with the next', () => {
    const splitter = new LineSplitter(4);
    expect(split(Buffer.from('123456\n12\nabcdefghijk'), [3, 5, 12, 15], splitter)).toEqual(['1234', '12', 'abcd']);
    expect(splitter.cutOff).toBe(2);
  });
});
