import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BronzeSource } from '../../../../src/streams/5-lake/source/bronze-source.ts';
import { BronzeFiles, LOG, TOPIC } from '../../../support/lake/bronze-files.ts';
import { bronzeRow, readAll } from '../../../support/lake/bronze-rows.ts';

const PARTITIONS = [0, 1, 2] as const;

/** Where a row goes, and how its partition's offsets lie: some partitions are far ahead of others. */
const layout = fc.record({
  scale: fc.tuple(...PARTITIONS.map(() => fc.constantFrom(1, 1, 40))),
  rows: fc.uniqueArray(
    fc.record({
      partition: fc.constantFrom(...PARTITIONS),
      at: fc.integer({ min: 0, max: 60 }),
      file: fc.integer({ min: 0, max: 5 }),
      raw: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
      coin_id: fc.option(fc.string({ unit: 'grapheme', maxLength: 5 })),
      source: fc.option(fc.constantFrom('recorded', 'coingecko')),
    }),
    { selector: ({ partition, at }) => `${partition}/${at}`, maxLength: 80, size: 'max' },
  ),
  /** In the order of the log, or in any; by offset in blocks, or scattered over the files. */
  isSorted: fc.boolean(),
  isInBlocks: fc.boolean(),
  rowGroupSize: fc.integer({ min: 1, max: 12 }),
});

const wanted = fc.array(
  fc.record({
    partition: fc.constantFrom(...PARTITIONS),
    from: fc.integer({ min: 0, max: 2_500 }),
    length: fc.integer({ min: 0, max: 2_500 }),
  }),
  { minLength: 1, maxLength: 4 },
);

const END = 60 * 40 + 2;

describe('the Bronze table as a source', () => {
  it('gives each partition in the order of its offsets, however its rows lie in files and row groups', async () => {
    await fc.assert(
      fc.asyncProperty(layout, wanted, async ({ scale, rows, isSorted, isInBlocks, rowGroupSize }, ranges) => {
        const files = await BronzeFiles.create();
        const model = rows.map(({ partition, at, file, ...texts }) => {
          const offset = at * (scale[partition] ?? 1);
          return { file: isInBlocks ? Math.floor(at / 15) : file, row: bronzeRow(partition, offset, texts) };
        });
        for (let file = 0; file < 6; file++) {
          const its = model.filter((each) => each.file === file).map(({ row }) => row);
          if (isSorted)
            its.sort((a, b) => Number(a.partition) - Number(b.partition) || Number(a.offset) - Number(b.offset));
          if (its.length > 0) await files.add(its, rowGroupSize);
        }
        await files.reach(END, END, END);
        const source = await BronzeSource.open(files.options, { log: LOG, topicId: undefined });
        for (const { partition, from, length } of ranges) {
          const to = Math.min(END, from + length);
          const seen = await readAll(source!.read({ topic: TOPIC, partition }, from, to), from);
          const its = model
            .map(({ row }) => row)
            .filter((row) => row.partition === partition && Number(row.offset) >= from && Number(row.offset) < to)
            .sort((a, b) => Number(a.offset) - Number(b.offset));
          expect(seen.records).toEqual(
            its.map(({ offset, ingest_ts, coin_id, raw, source: from, observed_at }) => ({
              ...{ offset, timestamp: ingest_ts, key: coin_id, value: raw },
              headers: {
                observed_at: new Date(Number(observed_at)).toISOString(),
                ...(from === null ? {} : { source: from }),
              },
            })),
          );
          expect(seen.next).toBe(Math.max(from, to));
        }
      }),
      { numRuns: 50 },
    );
  });
});
