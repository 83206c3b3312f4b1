import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../src/streams/json/excerpt.ts';

describe('an excerpt', () => {
  it('is the text where that is short', () => {
    expect(excerpt(Buffer.from('{"id":"₿"}'))).toBe('{"id":"₿"}');
    expect(excerpt(Buffer.from('abcdef'), 2, 4)).toBe('cd');
    expect(excerpt(Buffer.alloc(0))).toBe('');
  });

  it('is cut to 60 characters', () => {
    expect(excerpt(Buffer.from('x'.repeat(60)))).toBe('x'.repeat(60));
    expect(excerpt(Buffer.from('x'.repeat(61)))).toBe(`${'x'.repeat(59)}…`);
    expect(excerpt(Buffer.from('𝄞'.repeat(100)))).toBe(`${'𝄞'.repeat(59)}…`);
  });

  it('is one short line, whatever the bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ maxLength: 200 }).map((s) => Buffer.from(s)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        const line = excerpt(Buffer.from(some));
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 500 },
    );
  });
});
