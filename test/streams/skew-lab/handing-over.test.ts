import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '../../../src/streams/log/partition-of.ts';
import { LabBundles, labRecordsOf } from '../../../src/streams/skew-lab/bundle.ts';
import { addDigests, digestOf, noDigests } from '../../../src/streams/skew-lab/digest.ts';
import { partitionInput } from '../../../src/streams/skew-lab/input.ts';
import { ArenaReader, LabRecord } from '../../../src/streams/skew-lab/record-arena.ts';
import { SharedChunks } from '../../../src/streams/skew-lab/shared-chunks.ts';
import { fetchBlocks, readLines, writeBlock } from '../../../src/streams/skew-lab/shuffle-block.ts';
import { simulateRecords } from '../../../src/streams/skew-lab/simulate-records.ts';
import { labSpec } from '../../support/skew-lab/lab-spec.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('bundles', () => {
  it('give back what was put in, to each task in its order, though their memory was used before', () => {
    const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), bytes, fc.integer({ min: 0 })), {
      maxLength: 400,
    });
    const chunks = new SharedChunks(200_000);
    fc.assert(
      fc.property(records, (all) => {
        chunks.recycle();
        const writer = new LabBundles(2, chunks);
        const arena = { keyNumber: (offset: number) => (all[offset]?.[0] ?? 0) + 7 };
        all.forEach(([to, value, time], offset) =>
          writer.add(to, new LabRecord(offset, time, to + 7, Buffer.from(value))),
        );
        const bundles = writer.take();
        for (const task of [0, 1, 2, 3]) {
          const got = bundles.filter(({ to }) => to === task).flatMap((bundle) => labRecordsOf(bundle, arena));
          const sent = all.flatMap(([to, value, time], offset) => (to === task ? [{ offset, value, time }] : []));
          expect(
            got.map(({ offset, value, timestamp }) => ({
              offset,
              value: new Uint8Array(value),
              time: timestamp,
            })),
          ).toEqual(sent);
          expect(got.every(({ keyNumber }) => keyNumber === task + 7)).toBe(true);
        }
        expect(writer.take()).toEqual([]);
      }),
    );
  });

  it('take a record that is larger than a bundle', () => {
    const writer = new LabBundles(0, new SharedChunks(1_000));
    const large = Buffer.alloc(300_000, 'x');
    for (const value of [Buffer.from('a'), large, Buffer.from('b')]) writer.add(0, new LabRecord(0, 0, 0, value));
    const values = writer
      .take()
      .flatMap((bundle) => labRecordsOf(bundle, { keyNumber: () => 0 }))
      .map(({ value }) => value.toString());
    expect(values).toEqual(['a', large.toString(), 'b']);
  });
});

describe('shuffle blocks', () => {
  it('have every row in the partition of its key, and once', () => {
    const rows = fc.array(
      fc.record({ key: fc.string(), line: fc.string({ minLength: 1 }).map((text) => JSON.stringify(text)) }),
    );
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 9 }), (work, extra, partitions) => {
        const blocks = [writeBlock({ work, extra }, partitions, new SharedChunks(64))];
        const all = [
          ...work.map((row) => ({ kind: 'work', ...row })),
          ...extra.map((row) => ({ kind: 'extra', ...row })),
        ];
        for (let partition = 0; partition < partitions; partition++) {
          const expected = all.filter(({ key }) => partitionOf(key, partitions) === partition);
          expect([...readLines(fetchBlocks(blocks, partition, partition + 1))]).toEqual(
            expected.map(({ kind, line }) => ({ kind, line })),
          );
        }
        expect([...readLines(fetchBlocks(blocks, 0, partitions))]).toHaveLength(all.length);
      }),
    );
  });
});

describe('the digest of extra work', () => {
  it('sums to the same in any order, modulo 2^64', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1 }), (all) => {
        const digests = all.map((each) => digestOf(each, 2));
        const sum = digests.reduce(addDigests, noDigests);
        expect([...digests].reverse().reduce(addDigests, noDigests)).toEqual(sum);
        const exact =
          digests.reduce((total, { high, low }) => total + (BigInt(high) << 32n) + BigInt(low), 0n) % (1n << 64n);
        expect((BigInt(sum.high) << 32n) + BigInt(sum.low)).toBe(exact);
        expect(sum.count).toBe(all.length);
      }),
    );
  });

  it('is another one where any byte or the number of rounds is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (value, at, rounds) => {
          const other = value.map((byte, place) => (place === at % value.length ? byte ^ 1 : byte));
          expect(digestOf(other, rounds)).not.toEqual(digestOf(value, rounds));
          expect(digestOf(value, rounds + 1)).not.toEqual(digestOf(value, rounds));
        },
      ),
    );
  });
});

describe('the input', () => {
  const arena = new ArenaReader(simulateRecords(labSpec()));
  const placed = (salted: Parameters<typeof partitionInput>[3]): readonly (readonly number[])[] => {
    const tasks = Array.from({ length: 8 }, (): number[] => []);
    for (const wave of partitionInput(arena, 8, 8, salted).waves)
      wave.forEach(({ numbers, from, to }, task) => tasks[task]?.push(...new Uint32Array(numbers).slice(from, to)));
    return tasks;
  };

  it('has every record once, in the partition that Kafka would put its key', () => {
    const tasks = placed([]);
    expect(tasks.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: arena.records }, (_, index) => index));
    tasks.forEach((numbers, task) => {
      for (const number of numbers) expect(partitionOf(arena.keys[arena.keyNumber(number)] ?? '', 8)).toBe(task);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    });
  });

  it('deals a salted key out after its shares, and leaves the others at home', () => {
    const hot = arena.keys[0] ?? '';
    const tasks = placed([{ key: hot, home: partitionOf(hot, 8), cycle: [1, 2, 1, 5] }]);
    const counts = tasks.map((numbers) => numbers.filter((number) => arena.keyNumber(number) === 0).length);
    const all = counts.reduce((sum, count) => sum + count, 0);
    expect(counts.map((count) => Math.round((4 * count) / all))).toEqual([0, 2, 1, 0, 0, 1, 0, 0]);
    tasks.forEach((numbers, task) => {
      for (const number of numbers.filter((each) => arena.keyNumber(each) !== 0))
        expect(partitionOf(arena.keys[arena.keyNumber(number)] ?? '', 8)).toBe(task);
    });
  });

  it('has a share of one key that was asked for', () => {
    const hot = Array.from({ length: arena.records }, (_, index) => arena.keyNumber(index)).filter(
      (key) => key === 0,
    ).length;
    expect(hot / arena.records).toBeCloseTo(0.9, 1);
  });
});
