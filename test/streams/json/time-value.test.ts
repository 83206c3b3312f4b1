import { describe, expect, it } from 'vitest';
import { FieldScanner } from '../../../src/streams/json/field-scanner.ts';
import { timeValue } from '../../../src/streams/json/time-value.ts';

const timeOf = (value: string): number | undefined => {
  const scanner = new FieldScanner(['at']);
  scanner.scan(Buffer.from(`{"at":${value}}`));
  return timeValue(scanner, 0);
};

describe('the time of a field', () => {
  const time = Date.UTC(2023, 2, 20, 0, 2, 17, 864);

  it('is what its text says, escaped or not', () => {
    expect(timeOf('"2023-03-20T00:02:17.864Z"')).toBe(time);
    expect(timeOf('"2023\\u002d03-20\\u005400:02:17.864\\u005A"')).toBe(time);
  });

  it.each(['"2023-03-20"', '"\\n"', '""', '1679270537864', 'null', '["2023-03-20T00:02:17.864Z"]'])(
    'is none of %s',
    (value) => {
      expect(timeOf(value)).toBeUndefined();
    },
  );

  it('is none where there is no such field', () => {
    const scanner = new FieldScanner(['at']);
    scanner.scan(Buffer.from('{}'));
    expect(timeValue(scanner, 0)).toBeUndefined();
  });
});
