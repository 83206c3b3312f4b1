import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { Bytes } from '../../../src/streams/log/record.ts';
import { jsonWriter } from '../../../src/streams/rows/json-writer.ts';
import type { RowFormat, RowWriter } from '../../../src/streams/rows/row-format.ts';
import type { RowTable } from '../../../src/streams/rows/row-table.ts';
import { featureRows, moverRows, silverRows } from '../../support/rows/arbitrary-rows.ts';
import { MemoryRegistry } from '../../support/rows/memory-registry.ts';
import { prepare, rowsWith } from '../../support/rows/rows-with.ts';

const FIRST_ID = 0x01_02_03_04;

let registry: MemoryRegistry;
let rows: RowFormat;
let avro: RowWriter;
beforeEach(async () => {
  registry = new MemoryRegistry(FIRST_ID);
  rows = rowsWith(registry);
  avro = await rows.writer();
});

const avroOf = (value: Bytes): Buffer => {
  expect(value).toBeInstanceOf(Buffer);
  return value as Buffer;
};
const jsonOf = (table: RowTable, value: Bytes): string => rows.json(table, avroOf(value)).toString('utf8');

describe('a row in Avro', () => {
  it('of Silver is read as the one in JSON is, bit for bit', () => {
    fc.assert(
      fc.property(silverRows, (row) => {
        const value = avroOf(avro.silver(row.coinId, row, row.final));
        expect(rows.silver(value)).toStrictEqual(row);
        const json = jsonWriter.silver(row.coinId, row, row.final);
        expect(jsonOf('prices', value)).toBe(json);
        expect(rows.silver(Buffer.from(json))).toStrictEqual(row);
      }),
    );
  });

  it('of Gold is the JSON that it would have been: its columns in order, digit for digit', () => {
    fc.assert(
      fc.property(featureRows(features), moverRows(moverFeatures), (row, mover) => {
        expect(jsonOf('features', avro.features(row))).toBe(jsonWriter.features(row));
        expect(jsonOf('movers', avro.mover(mover))).toBe(jsonWriter.mover(mover));
      }),
    );
  });

  it('has nothing of the row before it, where a figure is absent', () => {
    const row = { coinId: 'a', ts: 0, price: 1, marketCap: null, volume: null, final: true };
    avro.features({ ...row, features: { ret_1h: 5 } });
    expect(jsonOf('features', avro.features({ ...row, features: {} }))).toContain('"ret_1h":null');
  });

  it('says 0 for -0, whoever reads it', () => {
    const row = { coinId: 'a', asOf: 0, price: 1, marketCap: null, volume: null, features: { ret_24h: -0 } };
    expect(avroOf(avro.mover(row)).toString('hex')).toContain('020000000000000000');
  });

  it('begins with a 0 and the id of its schema, in which the subject of its topic holds it', () => {
    const row = { coinId: 'a', asOf: 0, price: 1, marketCap: null, volume: 2, features: {} };
    expect(avroOf(avro.mover(row)).toString('hex')).toBe(
      `00${(FIRST_ID + 2).toString(16).padStart(8, '0')}` + // magic byte, schema id
        '0261' + //             "a"
        '00' + //               0 ms
        '000000000000f03f' + // 1.0
        '00'.repeat(4) + //     no figures
        '020000000000000040' + // 2.0
        '00', //                null
    );
    expect(registry.asked).toEqual([
      'register pulse.prices_hourly-value',
      'register pulse.features_hourly-value',
      'register pulse.top_movers_24h-value',
    ]);
    expect(registry.latest('pulse.top_movers_24h-value')).toMatchObject({ namespace: 'pulse', name: 'top_movers_24h' });
  });

  it('may be as long as it has to be', () => {
    const row = {
      coinId: 'x'.repeat(5_000),
      ts: 0,
      price: 1,
      marketCap: null,
      volume: null,
      features: {},
      final: true,
    };
    const short = { ...row, coinId: 'y' };
    const values = [row, short, row].map((each) => avroOf(avro.features(each)));
    expect(values.map((value) => (JSON.parse(jsonOf('features', value)) as { coin_id: string }).coin_id)).toEqual(
      [row, short, row].map(({ coinId }) => coinId),
    );
  });

  it('that was cut off, prolonged or altered is a bad record, or another row that is one', () => {
    fc.assert(
      fc.property(silverRows, fc.nat(), fc.nat(255), (row, at, byte) => {
        const value = avroOf(avro.silver(row.coinId, row, row.final));
        const altered = Buffer.from(value);
        altered[5 + (at % (value.length - 5))] = byte;
        for (const bad of [value.subarray(0, at % value.length || 1), Buffer.concat([value, Buffer.of(byte)])])
          for (const read of [() => rows.silver(bad), () => rows.json('prices', bad)])
            expect(read).toThrow(expect.objectContaining({ code: 'bad-record' }) as Error);
        for (const read of [() => rows.silver(altered), () => rows.json('prices', altered)]) expectRowOrBad(read);
      }),
    );
  });

  it('is refused where it says what no merge of ticks comes to, as in JSON', () => {
    const [row] = fc.sample(silverRows, { numRuns: 1, seed: 1 });
    const bad = avroOf(avro.silver('a', { ...row!, high: row!.price / 2 }, true));
    expect(() => rows.silver(bad)).toThrow('the field high is ');
    const early = avroOf(avro.silver('a', { ...row!, observedAt: -1e15 }, true));
    expect(() => rows.silver(early)).toThrow('the field observed_at is -1000000000000000');
    expect(() => rows.json('prices', early)).toThrow('the field observed_at is -1000000000000000, which is no time');
  });
});

describe('without a registry', () => {
  it('rows are JSON, and those in Avro are asked for by its setting', async () => {
    const [row] = fc.sample(silverRows, 1);
    const plain = rowsWith(undefined);
    expect((await plain.writer()).silver(row!.coinId, row!, true)).toBe(jsonWriter.silver(row!.coinId, row!, true));
    const json = jsonWriter.silver(row!.coinId, row!, true);
    await prepare(plain, 'prices', json);
    await expect(prepare(plain, 'prices', json, avro.silver('a', row!, true))).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringMatching(/^pulse\.prices_hourly\[0\] offset 1 is Avro: set SCHEMA_REGISTRY_URL/) as string,
    });
  });

  it('what others lie in topics of other kinds is nobody’s business', async () => {
    const batch = { topic: 'pulse.dead_letters', partition: 0, records: [], nextOffset: 1, end: 1 };
    const record = {
      offset: 0,
      timestamp: 0,
      key: null,
      value: Buffer.of(0, 1),
      header: () => undefined,
      headers: () => ({}),
    };
    await expect(rowsWith(undefined).prepare({ ...batch, records: [record] })).resolves.toBeUndefined();
  });
});

function expectRowOrBad(read: () => unknown): void {
  try {
    expect(read()).toBeTruthy();
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-record' });
  }
}
