import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSilver } from '../../../src/streams/3-silver/hour-json.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { encodeFeatureRow, encodeMoverRow } from '../../../src/streams/4-gold/gold-json.ts';
import { decodeFeature, decodeMover, decodePrice, decodeTask } from '../../../src/web/server/view/decode.ts';

const HOUR_MS = 3_600_000;
const coin = fc.string({ minLength: 1, maxLength: 60 });
const hour = fc.integer({ min: 0, max: 600_000 }).map((hours) => hours * HOUR_MS);
const price = fc.double({ min: 1e-12, max: 1e9, noNaN: true });
const size = fc.option(fc.double({ min: 1e-6, max: 1e13, noNaN: true }));
const figures = (names: readonly string[]) =>
  fc.tuple(...names.map(() => fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })))).map((values) =>
    // -0 is written 0.
    Object.fromEntries(names.map((name, i) => [name, values[i] === null ? null : (values[i] ?? 0) + 0])),
  );
const featureNames = features.map(({ name }) => name);
const moverNames = moverFeatures.map(({ name }) => name);

describe('what the stages publish', () => {
  it('is read as Silver rows, number for number', () => {
    fc.assert(
      fc.property(coin, hour, fc.array(price, { minLength: 4, maxLength: 4 }), size, size, fc.boolean(), (...drawn) => {
        const [id, ts, [open = 1, high = 1, low = 1, close = 1], marketCap, volume, final] = drawn;
        const times = { openEventTs: ts, openObservedAt: ts + 1, closeEventTs: ts + 2, closeObservedAt: ts + 3 };
        const row = {
          ts,
          price: close,
          open,
          high,
          low,
          marketCap,
          volume,
          observations: 4,
          ...times,
          observedAt: ts + 3,
        };
        const { key, value } = decodePrice(Buffer.from(encodeSilver(id, row, final)), '');
        expect(key).toEqual([id, ts]);
        expect(value).toMatchObject({
          coin_id: id,
          price: close,
          open,
          high,
          low,
          market_cap: marketCap,
          volume,
          final,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is read as feature rows and movers, with every declared feature', () => {
    fc.assert(
      fc.property(coin, hour, price, size, figures(featureNames), figures(moverNames), (...drawn) => {
        const [coinId, ts, close, volume, ofFeatures, ofMovers] = drawn;
        const common = { coinId, price: close, marketCap: null, volume };
        const feature = encodeFeatureRow({ ...common, ts, features: ofFeatures, final: true });
        expect(decodeFeature(Buffer.from(feature), featureNames)).toMatchObject({
          key: [coinId, ts],
          value: { price: close, volume, figures: ofFeatures, final: true },
        });
        const mover = encodeMoverRow({ ...common, asOf: ts, features: ofMovers });
        expect(decodeMover(Buffer.from(mover), moverNames)).toMatchObject({
          key: [coinId],
          value: { as_of: new Date(ts).toISOString(), figures: ofMovers },
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a report that is none', () => {
  it.each(['null', '[]', '{"kind":"played"}', '{"stage":"combine","lag":"many"}'])('is refused: %s', (text) => {
    expect(() => decodeTask(Buffer.from(text), 'ingest|x')).toThrow();
    expect(() => decodeTask(Buffer.from(text), 'combine|x|0')).toThrow();
  });
});
