import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BundleWriter } from '../../../src/streams/hot-keys/bundle-writer.ts';
import { readBundle } from '../../../src/streams/hot-keys/read-bundle.ts';
import { logRecord } from '../../support/log-record.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const record = fc.record({
  offset: fc.maxSafeNat(),
  timestamp: fc.maxSafeNat(),
  key: fc.option(text),
  value: fc.option(fc.uint8Array({ maxLength: 6_000 }).map((bytes) => Buffer.from(bytes))),
  headers: fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 10 }), text, { maxKeys: 4 }),
});

describe('a bundle', () => {
  it('gives back the records as they were, one bundle after the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(record, { minLength: 1, maxLength: 12 }), { maxLength: 3 }),
        fc.nat(1023),
        (bundles, partition) => {
          const writer = new BundleWriter(partition);
          const taken = bundles.map((records) => {
            for (const each of records) writer.add(logRecord(each));
            expect(writer.records).toBe(records.length);
            return writer.take();
          });
          expect(writer.take()).toBeUndefined();
          taken.forEach((bundle, place) => {
            const found = readBundle(bundle ?? Buffer.alloc(0)) ?? [];
            const wanted = (bundles[place] ?? []).map((each) => logRecord(each));
            expect(found.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual(
              wanted.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value })),
            );
            found.forEach((each, index) => {
              expect(each.partition).toBe(partition);
              expect(Object.entries(each.headers()).sort()).toEqual(
                Object.entries(wanted[index]?.headers() ?? {}).sort(),
              );
              for (const [name, bytes] of Object.entries(wanted[index]?.headers() ?? {}))
                expect(each.header(name)).toEqual(bytes);
              expect(each.header('absent')).toBeUndefined();
            });
          });
        },
      ),
    );
  });

  it('is full at a quarter of a mebibyte, and takes nothing that is larger than that by itself', () => {
    const writer = new BundleWriter(0);
    const half = logRecord({ value: Buffer.alloc(128 * 1024) });
    writer.add(half);
    expect(writer.isFull).toBe(false);
    writer.add(half);
    expect(writer.isFull).toBe(true);
    expect(BundleWriter.takes(half)).toBe(true);
    expect(BundleWriter.takes(logRecord({ key: 'a', value: Buffer.alloc(256 * 1024) }))).toBe(false);
  });

  it('that is none, or cut, or of a version to come, is told from one', () => {
    const writer = new BundleWriter(3);
    writer.add(logRecord({ key: 'a', value: '{}', headers: { source: 'recorded' } }));
    const bundle = writer.take() ?? Buffer.alloc(0);
    for (let length = 6; length < bundle.length; length++)
      expect(readBundle(bundle.subarray(0, length))).toBeUndefined();
    expect(readBundle(Buffer.from([2, ...bundle.subarray(1)]))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void readBundle(Buffer.from(bytes))));
  });
});
