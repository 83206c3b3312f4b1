import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import { jsonWriter } from '../../../src/streams/rows/json-writer.ts';
import { rowSchemas } from '../../../src/streams/rows/row-schemas.ts';
import { decodeFeature } from '../../../src/web/server/view/decode.ts';
import { featureRows, silverRows } from '../../support/rows/arbitrary-rows.ts';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';
import { declaredGold, prepare, rowsWith } from '../../support/rows/rows-with.ts';

const more: FeatureDeclaration = {
  ...{ name: 'ema_12', hours: 12, unit: 'price', formula: 'as it may be' },
  of: (window) => window.price(0),
};

/** Declarations as they may have been, or will be: some of these, in any order. */
const someGold: fc.Arbitrary<GoldSpec> = fc.record({
  features: fc.shuffledSubarray([...features, more], { minLength: 1 }),
  movers: fc.shuffledSubarray([...moverFeatures, more], { minLength: 1 }),
});

const typeOf = (schema: object): avro.Type => avro.Type.forSchema(schema as avro.Schema);

describe('the schemas', () => {
  it('of any declarations read the rows of any others, so that each is compatible with all before it', () => {
    fc.assert(
      fc.property(someGold, someGold, (before, after) => {
        for (const table of ['prices', 'features', 'movers'] as const)
          typeOf(rowSchemas(after)[table]).createResolver(typeOf(rowSchemas(before)[table]));
      }),
    );
  });

  it('have the columns of the JSON in its order, and a figure is nullable with the default null', () => {
    const columns = (table: 'prices' | 'features' | 'movers') => rowSchemas(declaredGold)[table].fields;
    const [silver] = fc.sample(silverRows, 1);
    expect(columns('prices').map(({ name }) => name)).toEqual(
      Object.keys(JSON.parse(jsonWriter.silver('a', silver!, true)) as object),
    );
    const [row] = fc.sample(featureRows(features), 1);
    expect(columns('features').map(({ name }) => name)).toEqual(
      Object.keys(JSON.parse(jsonWriter.features(row!)) as object),
    );
    for (const { name } of features)
      expect(columns('features').find((field) => field.name === name)).toMatchObject({
        ...{ type: ['null', 'double'], default: null },
      });
    expect(columns('movers').find(({ name }) => name === 'as_of')?.type).toEqual({
      ...{ type: 'long', logicalType: 'timestamp-millis' },
    });
  });
});

describe('rows that other declarations wrote', () => {
  it('are read with the columns that they have; a figure that is declared now is null', async () => {
    await fc.assert(
      fc.asyncProperty(someGold, someGold, async (before, after) => {
        const registry = new MemoryRegistry();
        const [row] = fc.sample(featureRows(before.features), 1);
        const value = (await rowsWith(registry, before).writer()).features(row!);
        const rows = rowsWith(registry, after);
        await rows.writer();
        await prepare(rows, 'features', value);
        const json = rows.json('features', value as Buffer);
        expect(json.toString()).toBe(jsonWriter.features(row!));
        const names = after.features.map(({ name }) => name);
        const { figures } = decodeFeature(json, names).value as { figures: Record<string, number | null> };
        // -0 is written 0.
        const wanted = names
          .map((name) => row!.features[name] ?? null)
          .map((value) => (value === null ? null : value + 0));
        expect(names.map((name) => figures[name])).toStrictEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it('of Silver are read by Avro’s rules: by name, in another order, promoted, and without what is not known', async () => {
    const registry = new MemoryRegistry();
    const fields = [...rowSchemas(declaredGold).prices.fields].reverse().map((field) => {
      return field.name === 'price' ? { name: 'price', type: 'int' } : field;
    });
    const other = { ...rowSchemas(declaredGold).prices, fields: [{ name: 'venue', type: 'string' }, ...fields] };
    const id = registry.add(JSON.stringify(other));
    const row = {
      ...{ coin_id: 'a', ts: 0, price: 2, open: 1, high: 3, low: 0.5, market_cap: null, volume: 7, observations: 3 },
      ...{
        open_event_ts: 0,
        open_observed_at: 1,
        close_event_ts: 2,
        close_observed_at: 3,
        observed_at: 4,
        final: true,
      },
    };
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, id]), typeOf(other).toBuffer({ ...row, venue: 'here' })]);
    const rows = rowsWith(registry);
    await prepare(rows, 'prices', value);
    expect(rows.silver(value)).toMatchObject({ coinId: 'a', price: 2, volume: 7, observations: 3, observedAt: 4 });
    expect(rows.json('prices', value).toString()).toMatch(
      /^\{"venue":"here","final":true,"observed_at":"1970-01-01T00:/,
    );
  });
});

describe('a value is a bad record', () => {
  const cases: readonly (readonly [string, (registry: MemoryRegistry) => number, RegExp])[] = [
    ['of a schema that the registry does not know', () => 99, /^the registry knows no Avro schema 99$/],
    [
      'of another table’s schema',
      (r) => r.add(JSON.stringify(rowSchemas(declaredGold).movers)),
      /is pulse\.top_movers_24h, not pulse\.prices_hourly/,
    ],
    ['of a schema that is no record', (r) => r.add('"string"'), /^its schema is not a record's/],
    ['of a schema that is not even JSON', (r) => r.add('nonsense'), /^its schema is not a record's/],
    ['of a schema that lacks a column', (r) => r.add(lacking('open')), /^its schema can't be read by today's: /],
  ];
  it.each(cases)('%s', async (_, idIn, message) => {
    const registry = new MemoryRegistry();
    const rows = rowsWith(registry);
    const [row] = fc.sample(silverRows, 1);
    const value = Buffer.from((await rows.writer()).silver('a', row!, true) as Buffer);
    value.writeUInt32BE(idIn(registry), 1);
    await prepare(rows, 'prices', value);
    const bad = { code: 'bad-record', message: expect.stringMatching(message) as string };
    expect(() => rows.silver(value)).toThrow(expect.objectContaining(bad) as Error);
  });
});

const lacking = (name: string): string => {
  const { prices } = rowSchemas(declaredGold);
  return JSON.stringify({ ...prices, fields: prices.fields.filter((field) => field.name !== name) });
};
