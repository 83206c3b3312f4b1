import { describe, expect, it } from 'vitest';
import { encodeFeatureRow, encodeMoverRow } from '../../../src/streams/4-gold/gold-json.ts';
import type { FeatureRow, MoverRow } from '../../../src/streams/4-gold/gold-row.ts';

const featureRow: FeatureRow = {
  ...{ coinId: 'a"\\\n', ts: 0, price: 1.2e-9, marketCap: null, volume: 1e21, final: true },
  features: { ret_1h: -0.1, ma_24: 0.30000000000000004, n_24: 3, zscore_1h: null, zero: -0 },
};

const moverRow: MoverRow = {
  ...{ coinId: 'a|b', asOf: 3_600_000, price: 5e-324, marketCap: -2, volume: null },
  features: { ret_24h: null, high_24h: 1.7976931348623157e308 },
};

describe('the JSON of Gold', () => {
  it('of features has the columns in order, those that are declared in the middle', () => {
    expect(encodeFeatureRow(featureRow)).toBe(
      '{"coin_id":"a\\"\\\\\\n","ts":"1970-01-01T00:00:00.000Z","price":1.2e-9,"market_cap":null,"volume":1e+21' +
        ',"ret_1h":-0.1,"ma_24":0.30000000000000004,"n_24":3,"zscore_1h":null,"zero":0,"final":true}',
    );
  });

  it('of movers has the columns in order, those that are declared in the middle', () => {
    expect(encodeMoverRow(moverRow)).toBe(
      '{"coin_id":"a|b","as_of":"1970-01-01T01:00:00.000Z","price":5e-324' +
        ',"ret_24h":null,"high_24h":1.7976931348623157e+308,"volume":null,"market_cap":-2}',
    );
  });

  it('reads back to the same numbers', () => {
    const { coinId, marketCap, price, volume, final, features } = featureRow;
    expect(JSON.parse(encodeFeatureRow(featureRow))).toEqual({
      ...{ coin_id: coinId, ts: '1970-01-01T00:00:00.000Z', market_cap: marketCap, price, volume, final },
      ...{ ...features, zero: 0 },
    });
  });
});
