import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coinSummaryCodec } from '../../../src/streams/3-silver/coin-summary.ts';
import { type StoredHour, storedHourCodec } from '../../../src/streams/3-silver/stored-hour.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const time = fc.maxSafeInteger();

const hour: fc.Arbitrary<StoredHour> = fc.record({
  ts: time,
  price: number,
  open: number,
  high: number,
  low: number,
  marketCap: fc.option(number),
  volume: fc.option(number),
  observations: fc.nat(),
  openEventTs: time,
  openObservedAt: time,
  closeEventTs: time,
  closeObservedAt: time,
  observedAt: time,
  final: fc.boolean(),
});

it('a stored hour is read as it was written, bit for bit', () => {
  fc.assert(
    fc.property(hour, hour, (row, other) => {
      const bytes = Buffer.from(storedHourCodec.encode(row));
      const read = storedHourCodec.decode(bytes);
      storedHourCodec.encode(other);
      // `toEqual` tells 0 from -0.
      expect(read).toEqual(row);
    }),
  );
});

it('a stored hour has the same length whatever it holds, and null takes the place of a figure', () => {
  const row = fc.sample(hour, 1)[0]!;
  const bytes = storedHourCodec.encode({ ...row, marketCap: null, volume: null, final: true });
  expect(bytes).toHaveLength(105);
  expect([bytes.readDoubleLE(40), bytes.readDoubleLE(48), bytes[104]]).toEqual([NaN, NaN, 1]);
});

it('the summary of a coin is read as it was written', () => {
  fc.assert(
    fc.property(time, time, (observedAt, newest) => {
      const bytes = Buffer.from(coinSummaryCodec.encode({ observedAt, newest }));
      expect(bytes).toHaveLength(16);
      expect(coinSummaryCodec.decode(bytes)).toEqual({ observedAt, newest });
    }),
  );
});
