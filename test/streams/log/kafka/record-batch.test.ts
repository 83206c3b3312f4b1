import fc from 'fast-check';
import recordBatchEncoder from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import recordEncoder from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import Long from 'kafkajs/src/utils/long.js';
import { describe, expect, it } from 'vitest';
import { type Codec, compressionOf, registerCodecs } from '../../../../src/streams/log/kafka/codecs.ts';
import { unpackRecords } from '../../../../src/streams/log/kafka/record-batch.ts';

registerCodecs();

interface Written {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
  readonly time: number;
}

interface BatchOptions {
  readonly firstOffset: number;
  readonly codec?: Codec;
  /** Of the producer, where it is part of a transaction. */
  readonly producer?: number;
}

const T0 = Date.UTC(2024, 0, 1);

/** A batch as kafkajs writes it. */
async function batchOf(
  records: readonly Written[],
  { firstOffset, codec = 'none', producer }: BatchOptions,
): Promise<Buffer> {
  const { buffer } = await recordBatchEncoder.RecordBatch({
    compression: compressionOf(codec),
    firstOffset: Long.fromValue(firstOffset),
    firstTimestamp: T0,
    maxTimestamp: T0 + 1,
    lastOffsetDelta: records.length - 1,
    transactional: producer !== undefined,
    producerId: Long.fromValue(producer ?? -1),
    records: records.map(({ key, value, headers, time }, i) =>
      recordEncoder({ offsetDelta: i, timestampDelta: time - T0, key, value, headers }),
    ),
  });
  return buffer;
}

/** The end of a transaction, as a broker writes it: a control batch with one record. */
async function marker(kind: 'abort' | 'commit', firstOffset: number, producer: number): Promise<Buffer> {
  const key = Buffer.from([0, 0, 0, kind === 'commit' ? 1 : 0]);
  const batch = await batchOf([{ key, value: Buffer.alloc(6), headers: {}, time: T0 }], { firstOffset, producer });
  batch.writeInt16BE(batch.readInt16BE(21) | 0x20, 21);
  return batch;
}

const plain = (text: string): Written => ({ key: null, value: Buffer.from(text), headers: {}, time: T0 });

const textsOf = async (bytes: Buffer, aborted: Parameters<typeof unpackRecords>[1] = [], from = 0, to = Infinity) => {
  const { records, nextOffset } = await unpackRecords(bytes, aborted, from, to);
  return { texts: records.map(({ offset, value }) => `${offset}=${String(value)}`), nextOffset };
};

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const record = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 80 }), bytes, { maxKeys: 3 }),
  time: fc.integer({ min: T0 - 2 ** 40, max: T0 + 2 ** 40 }),
});

describe('a record batch', () => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'of codec %s gives back what kafkajs wrote',
    async (codec) => {
      const wrote = async (written: readonly Written[], firstOffset: number): Promise<void> => {
        const { records, nextOffset } = await unpackRecords(
          await batchOf(written, { firstOffset, codec }),
          [],
          0,
          Infinity,
        );
        expect(nextOffset).toBe(firstOffset + written.length);
        expect(records.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual(
          written.map(({ time, key, value }, i) => ({ offset: firstOffset + i, timestamp: time, key, value })),
        );
        for (const [i, { headers }] of written.entries()) {
          expect(records[i]?.headers()).toEqual(headers);
          for (const [name, value] of Object.entries(headers)) expect(records[i]?.header(name)).toEqual(value);
          expect(records[i]?.header('none of these, surely')).toBeUndefined();
        }
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(record, { minLength: 1, maxLength: 100 }),
          fc.maxSafeNat().map((n) => n % 2 ** 50),
          wrote,
        ),
        { numRuns: 50 },
      );
    },
  );

  it('gives its part of a range', async () => {
    const some = await batchOf(['a', 'b', 'c', 'd'].map(plain), { firstOffset: 10 });
    expect(await textsOf(some, [], 11, 13)).toEqual({ texts: ['11=b', '12=c'], nextOffset: 13 });
  });

  it('that breaks off is left for the next fetch', async () => {
    const first = await batchOf([plain('a')], { firstOffset: 0 });
    const second = await batchOf([plain('b')], { firstOffset: 1 });
    for (let cut = 0; cut < second.length; cut++)
      expect(await textsOf(Buffer.concat([first, second.subarray(0, cut)]))).toEqual({ texts: ['0=a'], nextOffset: 1 });
  });

  it('has the time of its append where the broker stamps it', async () => {
    const stamped = await batchOf([{ ...plain('a'), time: T0 + 9 }], { firstOffset: 0 });
    stamped.writeInt16BE(stamped.readInt16BE(21) | 0x08, 21);
    expect((await unpackRecords(stamped, [], 0, Infinity)).records[0]?.timestamp).toBe(T0 + 1);
  });

  it('of an older format is refused', async () => {
    const old = await batchOf([plain('a')], { firstOffset: 0 });
    old[16] = 1;
    await expect(unpackRecords(old, [], 0, Infinity)).rejects.toMatchObject({ code: 'log-format' });
  });

  it('whose records run over its end is corrupt', async () => {
    const torn = await batchOf([plain('abc')], { firstOffset: 0 });
    torn[61] = 0x7e;
    await expect(unpackRecords(torn, [], 0, Infinity)).rejects.toMatchObject({ code: 'log-corrupt' });
  });
});

describe('transactions', () => {
  it('that were aborted are left out, up to their marker, and count for the offset', async () => {
    const log = Buffer.concat([
      await batchOf([plain('lost')], { firstOffset: 0, producer: 1 }),
      await batchOf([plain('other')], { firstOffset: 1, producer: 2 }),
      await batchOf([plain('outside')], { firstOffset: 2 }),
      await marker('abort', 3, 1),
      await batchOf([plain('again')], { firstOffset: 4, producer: 1 }),
      await marker('commit', 5, 1),
      await marker('commit', 6, 2),
    ]);
    const aborted = [{ producerId: 1n, firstOffset: 0 }];
    expect(await textsOf(log, aborted)).toEqual({ texts: ['1=other', '2=outside', '4=again'], nextOffset: 7 });
  });

  it('leave their markers out', async () => {
    expect(await textsOf(await marker('commit', 0, 1))).toEqual({ texts: [], nextOffset: 1 });
  });
});
