import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateLog } from './log-contract-tools.ts';
import {
  appendTexts,
  at,
  compacted,
  errorCode,
  purged,
  readOffsets,
  readTexts,
  record,
  sourceOf,
  text,
} from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

const DAY_MS = 86_400_000;

export function upkeepContract(create: CreateLog): void {
  describe('compaction', () => {
    const fixture = useLog(create, { batchBytes: 1000, tombstoneRetentionMs: DAY_MS });
    beforeEach(() =>
      fixture.log.topics.ensure([
        { name: 'table', partitions: 2, cleanup: compacted },
        { name: 'stream', partitions: 1, cleanup: purged },
      ]),
    );

    it('leaves the newest record of every key, and no offset changes', async () => {
      const { log } = fixture;
      for (let i = 0; i < 40; i++)
        await log.append([record('table', i % 2, `k${i % 6}`, `${i}`), record('stream', 0, 'k', `${i}`)]);
      const before = await log.bounds(at('table'));
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['17:k4=34', '18:k0=36', '19:k2=38']);
      expect(await readOffsets(log, at('table', 1))).toEqual(['17:k5=35', '18:k1=37', '19:k3=39']);
      expect(await log.bounds(at('table'))).toEqual(before);
      expect((await readTexts(log, at('stream'))).length).toBe(40);
    });

    it('goes on appending where it was', async () => {
      const { log } = fixture;
      for (const value of ['1', '2', '3']) await log.append([record('table', 0, 'k', value)]);
      await log.compact();
      expect((await log.append([record('table', 0, 'k', '4')])).nextOffset('table', 0)).toBe(4);
      expect(await readOffsets(log, at('table'))).toEqual(['2:k=3', '3:k=4']);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['3:k=4']);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['3:k=4']);
    });

    it('reads on from offsets that are no longer there', async () => {
      const { log } = fixture;
      for (let i = 0; i < 100; i++) await log.append([record('table', 0, i % 10 === 5 ? `own${i}` : 'k', `${i}`)]);
      await log.compact();
      for (const from of [0, 5, 6, 14, 16, 95, 96, 99, 100]) {
        const expected = [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]
          .filter((i) => i >= from)
          .map((i) => `${i}:own${i}=${i}`);
        if (from <= 99) expected.push('99:k=99');
        expect(await readOffsets(log, at('table'), from)).toEqual(expected);
      }
      const source = await sourceOf(log, at('table'));
      source.seek(0);
      let next = 0;
      for (let batch = await source.poll(0); batch !== undefined; batch = await source.poll(0)) next = batch.nextOffset;
      expect(next).toBe(100);
    });

    it('ends at the end even where the newest records are of other partitions or gone', async () => {
      const { log, time } = fixture;
      await log.append([record('table', 0, 'k', '1'), record('table', 0, 'k', null)]);
      await log.compact();
      time.advance(2 * DAY_MS);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual([]);
      expect(await log.bounds(at('table'))).toEqual({ start: 0, end: 2 });
      const ends = [];
      for await (const { nextOffset } of log.read(at('table'), 0, Infinity)) ends.push(nextOffset);
      expect(ends).toEqual([2]);
    });

    it('keeps a tombstone until a pass after its retention', async () => {
      const { log, time } = fixture;
      await log.append([record('table', 0, 'k', '1'), record('table', 0, 'k', null), record('table', 0, 'l', '2')]);
      await log.compact();
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['1:k=-', '2:l=2']);
      time.advance(DAY_MS + 1);
      await log.append([record('table', 0, 'l', null)]);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['3:l=-']);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['3:l=-']);
      time.advance(DAY_MS + 1);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual([]);
    });

    it('keeps a tombstone that no pass has been over, however old', async () => {
      const { log, time } = fixture;
      await log.append([record('table', 0, 'k', '1'), record('table', 0, 'k', null)]);
      time.advance(9 * DAY_MS);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['1:k=-']);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual([]);
    });

    it('takes keys by their bytes, an empty one too, and leaves records without a key', async () => {
      const { log } = fixture;
      const keys = [Buffer.from([0xff]), Buffer.from([0xc3, 0xbf]), Buffer.alloc(0), null, Buffer.from([0xff, 0])];
      for (const value of ['1', '2']) {
        await log.append(keys.map((key) => ({ topic: 'table', partition: 0, key, value })));
      }
      await log.compact();
      expect((await readOffsets(log, at('table'))).map((line) => Number.parseInt(line, 10))).toEqual([
        3, 5, 6, 7, 8, 9,
      ]);
    });

    it('keeps headers and append times', async () => {
      const { log, time } = fixture;
      const times: number[] = [];
      for (let i = 0; i < 20; i++) {
        await log.append([{ ...record('table', 0, `k${i % 5}`, `${i}`), headers: { n: `${i}` } }]);
        for await (const { records } of log.read(at('table'), i, i + 1)) times.push(records[0]!.timestamp);
        time.advance(1000);
      }
      await log.compact();
      for await (const { records } of log.read(at('table'), 0, Infinity)) {
        expect(records.map((found) => String(found.header('n')))).toEqual(['15', '16', '17', '18', '19']);
        expect(records.map((found) => found.timestamp)).toEqual(times.slice(15));
      }
    });

    it('loses no reader its newest records, in whatever place the pass meets it', async () => {
      const { log } = fixture;
      const keys = 30;
      for (let i = 0; i < 600; i++)
        await log.append([record('table', 0, `k${(i * 17) % keys}`, `${i}`.padEnd(40, '.'))]);
      const source = await sourceOf(log, at('table'));
      source.seek(0);
      const seen = new Map<string, string>();
      let compacting: Promise<void> | undefined;
      let appended = 600;
      for (let batch = await source.poll(0); batch !== undefined; batch = await source.poll(0)) {
        for (const found of batch.records) seen.set(String(found.key), String(found.value));
        compacting ??= log.compact();
        if (appended < 620) await log.append([record('table', 0, `k${appended % keys}`, `${appended++}`)]);
      }
      await compacting;
      await log.compact();
      const latest = new Map(
        (await readTexts(log, at('table'))).map((line) => [line.split('=')[0]!, line.split('=')[1]!]),
      );
      expect(latest.size).toBe(keys);
      expect(seen).toEqual(latest);
    });
  });

  describe('retention and purge', () => {
    const fixture = useLog(create, { batchBytes: 1000 });
    beforeEach(() =>
      fixture.log.topics.ensure([
        { name: 'kept', partitions: 2, cleanup: { kind: 'delete', retentionMs: 10_000 } },
        { name: 'stream', partitions: 2, cleanup: purged },
      ]),
    );

    it('gives up what is older than its retention', async () => {
      const { log, time } = fixture;
      await appendTexts(log, at('kept'), ['old', 'older']);
      await appendTexts(log, at('stream'), ['for ever']);
      time.advance(6000);
      await appendTexts(log, at('kept'), ['young']);
      await log.expire();
      expect(await log.bounds(at('kept'))).toEqual({ start: 0, end: 3 });
      time.advance(6000);
      await log.expire();
      expect(await log.bounds(at('kept'))).toEqual({ start: 2, end: 3 });
      expect(await readOffsets(log, at('kept'))).toEqual(['2:-=young']);
      time.advance(60_000);
      await log.expire();
      expect(await log.bounds(at('kept'))).toEqual({ start: 3, end: 3 });
      expect(await readTexts(log, at('stream'))).toEqual(['-=for ever']);
      await appendTexts(log, at('kept'), ['next']);
      expect(await readOffsets(log, at('kept'))).toEqual(['3:-=next']);
    });

    it('purges to any offset, in the middle of a commit too', async () => {
      const { log } = fixture;
      for (const commit of [0, 1, 2])
        await appendTexts(
          log,
          at('stream'),
          ['a', 'b', 'c', 'd'].map((name) => `${name}${commit}`),
        );
      await appendTexts(log, at('stream', 1), ['other']);
      for (const before of [1, 3, 4, 6, 11, 12]) {
        await log.purge(at('stream'), before);
        expect(await log.bounds(at('stream'))).toEqual({ start: before, end: 12 });
        expect((await readOffsets(log, at('stream'))).map((line) => Number.parseInt(line, 10))).toEqual(
          Array.from({ length: 12 - before }, (_, i) => before + i),
        );
      }
      expect(await readTexts(log, at('stream', 1))).toEqual(['-=other']);
    });

    it('never lowers the start', async () => {
      const { log } = fixture;
      await appendTexts(log, at('stream'), ['1', '2', '3', '4']);
      await log.purge(at('stream'), 3);
      await log.purge(at('stream'), 1);
      expect(await log.bounds(at('stream'))).toEqual({ start: 3, end: 4 });
    });

    it('refuses to purge what is not there yet', async () => {
      const { log } = fixture;
      await appendTexts(log, at('stream'), ['1']);
      await expect(log.purge(at('stream'), 2)).rejects.toEqual(errorCode('offset-out-of-range'));
      expect(await log.bounds(at('stream'))).toEqual({ start: 0, end: 1 });
    });

    it('keeps offsets over purge, close and open', async () => {
      await appendTexts(fixture.log, at('stream'), ['1', '2']);
      await fixture.log.purge(at('stream'), 2);
      const log = await fixture.reopen();
      expect(await log.bounds(at('stream'))).toEqual({ start: 2, end: 2 });
      await appendTexts(log, at('stream'), ['3']);
      expect(await readOffsets(log, at('stream'))).toEqual(['2:-=3']);
    });

    it('purges compacted topics as well', async () => {
      const { log } = fixture;
      await log.topics.ensure([{ name: 'table', partitions: 1, cleanup: compacted }]);
      for (let i = 0; i < 20; i++) await log.append([record('table', 0, `k${i % 4}`, `${i}`)]);
      await log.compact();
      await log.purge(at('table'), 18);
      await log.append([record('table', 0, 'k0', '20')]);
      await log.compact();
      expect(await readOffsets(log, at('table'))).toEqual(['18:k2=18', '19:k3=19', '20:k0=20']);
      const source = await sourceOf(log, at('table'));
      source.seek(18);
      expect((await source.poll(0))?.records.map(text)).toContain('k2=18');
    });
  });
}
