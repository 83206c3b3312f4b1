import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { PlainStrings } from '../../../src/streams/json/plain-strings.ts';

const find = (strings: PlainStrings, text: string): string | undefined => {
  const bytes = Buffer.from(`"${text}"`);
  return strings.find(bytes, 1, bytes.length - 1);
};

describe('plain strings', () => {
  it('are the text of the bytes, however many came before', () => {
    const strings = new PlainStrings(50);
    const ascii = fc.stringMatching(/^[ !#-[\]-~]{0,20}$/);
    fc.assert(
      fc.property(ascii, (text) => void expect(find(strings, text)).toBe(text)),
      { numRuns: 2000 },
    );
  });

  it('stay right when the table grows and when it is emptied', () => {
    const strings = new PlainStrings(3000);
    const ids = Array.from({ length: 7001 }, (_, i) => `coin-${i}`);
    for (let round = 0; round < 3; round++) expect(ids.map((id) => find(strings, id))).toEqual(ids);
  });

  it('tell ids apart whose hashes are equal', () => {
    const strings = new PlainStrings();
    // Two pairs of equal FNV-1a hashes.
    for (const text of ['costarring', 'liquid', 'declinate', 'macallums', 'costarring', 'declinate']) {
      expect(find(strings, text)).toBe(text);
    }
  });

  it('are undefined where the bytes do not stand for themselves', () => {
    const strings = new PlainStrings();
    expect(find(strings, 'é')).toBeUndefined();
    expect(find(strings, '\\u0061')).toBeUndefined();
    expect(strings.find(Buffer.from([0xff]), 0, 1)).toBeUndefined();
    expect(find(strings, '')).toBe('');
  });

  it('are made once, until one more than the limit comes', () => {
    const strings = new PlainStrings(2);
    const bytes = Buffer.from('abc');
    const made = vi.spyOn(bytes, 'toString');
    const countOf = (ids: string): number => {
      made.mockClear();
      for (const id of ids) strings.find(bytes, 'abc'.indexOf(id), 'abc'.indexOf(id) + 1);
      return made.mock.calls.length;
    };
    expect(countOf('abab')).toBe(2);
    expect(countOf('ccc')).toBe(1);
    expect(countOf('ac')).toBe(1);
    expect(countOf('ba')).toBe(2);
    expect(countOf('abcabc')).toBe(4);
  });

  it('do not change with the bytes they were found in', () => {
    const strings = new PlainStrings();
    const bytes = Buffer.from('bitcoin');
    const same = Buffer.from('bitcoin');
    const made = vi.spyOn(same, 'toString');
    strings.find(bytes, 0, 7);
    bytes.write('litecoi');
    expect(strings.find(bytes, 0, 7)).toBe('litecoi');
    expect(strings.find(same, 0, 7)).toBe('bitcoin');
    expect(made).not.toHaveBeenCalled();
  });
});
