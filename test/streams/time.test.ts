import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR_MS, hourOf } from '../../src/streams/time.ts';

it.each([
  ['2024-02-28T12:00:00.000Z', '2024-02-28T12:00:00.000Z'],
  ['2024-02-28T12:59:59.999Z', '2024-02-28T12:00:00.000Z'],
  ['2024-02-28T13:00:00.000Z', '2024-02-28T13:00:00.000Z'],
  ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ['1969-12-31T23:59:59.999Z', '1969-12-31T23:00:00.000Z'],
])('%s lies in the hour that starts at %s', (time, hour) => {
  expect(new Date(hourOf(Date.parse(time))).toISOString()).toBe(hour);
});

it('every time lies in its hour, and an hour starts itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (time) => {
      const hour: number = hourOf(time);
      expect(hour <= time && time < hour + HOUR_MS).toBe(true);
      expect(hour % HOUR_MS).toBe(hour < 0 ? -0 : 0);
      expect(hourOf(hour)).toBe(hour);
    }),
  );
});
