import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import type { CreateLog } from './log-contract-tools.ts';
import {
  appendTexts,
  at,
  errorCode,
  purged,
  readAll,
  readOffsets,
  record,
  sourceOf,
  takeUntil,
  text,
} from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i}`);

export function readContract(create: CreateLog): void {
  describe('reading', () => {
    const fixture = useLog(create, { batchBytes: 2000 });
    beforeEach(() => fixture.log.topics.ensure([{ name: 'in', partitions: 3, cleanup: purged }]));

    const fill = async (log: LocalLog, commits: number, each: number): Promise<void> => {
      for (let i = 0; i < commits; i++) await appendTexts(log, at('in'), numbers(i * each, (i + 1) * each));
    };

    it('reads from any offset to any offset', async () => {
      const { log } = fixture;
      await fill(log, 7, 11);
      for (const from of [0, 1, 10, 11, 12, 40, 76, 77]) {
        for (const to of [0, 1, 11, 30, 77, 1000]) {
          const offsets: number[] = [];
          let expectedFrom = from;
          for await (const { records, nextOffset, end } of log.read(at('in'), from, to)) {
            offsets.push(...records.map(({ offset }) => offset));
            expect(end).toBe(77);
            expect(nextOffset).toBeGreaterThan(expectedFrom);
            expectedFrom = nextOffset;
          }
          expect(offsets).toEqual(numbers(from, Math.max(from, Math.min(to, 77))).map(Number));
        }
      }
    });

    it('reads records of every size in as many batches as it takes', async () => {
      const { log } = fixture;
      const values = Array.from({ length: 400 }, (_, i) => 'v'.repeat((i * 7919) % 5000));
      await log.append(values.map((value) => record('in', 1, null, value)));
      const found = await readAll(log, at('in', 1));
      expect(found.map(({ value }) => value?.length)).toEqual(values.map((value) => value.length));
      expect(found.map(({ offset }) => offset)).toEqual(values.map((_, i) => i));
    });

    it('ends where the log ended when reading began', async () => {
      const { log } = fixture;
      await fill(log, 1, 300);
      let count = 0;
      for await (const { records } of log.read(at('in'), 0, Infinity)) {
        count += records.length;
        await appendTexts(log, at('in'), ['more']);
      }
      expect(count).toBe(300);
    });

    it('rejects a read below the start', async () => {
      const { log } = fixture;
      await fill(log, 3, 10);
      await log.purge(at('in'), 15);
      for (const [from, to] of [
        [14, 15],
        [14, 20],
        [3, 10],
        [0, Infinity],
      ] as const) {
        const iteration = takeUntil(log.read(at('in'), from, to), () => false);
        await expect(iteration).rejects.toEqual(errorCode('offset-out-of-range'));
      }
      expect(await takeUntil(log.read(at('in'), 14, 14), () => false)).toEqual([]);
    });

    it('rejects a read that a purge overtakes', async () => {
      const { log } = fixture;
      for (let i = 0; i < 40; i++) await appendTexts(log, at('in'), Array<string>(10).fill('v'.repeat(500)));
      const reading = (async () => {
        for await (const { nextOffset } of log.read(at('in'), 0, Infinity)) {
          if (nextOffset < 300) await log.purge(at('in'), 300);
        }
      })();
      await expect(reading).rejects.toEqual(errorCode('offset-out-of-range'));
    });

    it('rejects what names an absent topic or partition', async () => {
      const { log } = fixture;
      for (const absent of [at('none'), at('in', 3), at('in', -1), at('in', 0.5)]) {
        await expect(log.bounds(absent)).rejects.toEqual(errorCode('unknown-topic'));
        await expect(takeUntil(log.read(absent, 0, 1), () => true)).rejects.toEqual(errorCode('unknown-topic'));
        const { signal } = new AbortController();
        const tailing = takeUntil(log.tail([{ ...absent, offset: 0 }], signal), () => true);
        await expect(tailing).rejects.toEqual(errorCode('unknown-topic'));
        await expect(log.purge(absent, 0)).rejects.toEqual(errorCode('unknown-topic'));
      }
    });

    it('tails several partitions: what is there, and what comes', async () => {
      const { log } = fixture;
      await fill(log, 3, 5);
      const stop = new AbortController();
      const tailing = takeUntil(
        log.tail(
          [
            { ...at('in', 0), offset: 13 },
            { ...at('in', 1), offset: 0 },
          ],
          stop.signal,
        ),
        (records) => records.length >= 5,
      );
      await appendTexts(log, at('in', 1), ['a']);
      await appendTexts(log, at('in', 2), ['ignored']);
      await appendTexts(log, at('in', 0), ['b']);
      await appendTexts(log, at('in', 1), ['c']);
      expect((await tailing).map(text).sort()).toEqual(['-=13', '-=14', '-=a', '-=b', '-=c']);
    });

    it('ends a tail when its signal aborts, or when the log is closed', async () => {
      const { log } = fixture;
      const stop = new AbortController();
      const from = [{ ...at('in'), offset: 0 }];
      const endings = [stop.signal, new AbortController().signal].map((signal) =>
        takeUntil(log.tail(from, signal), () => false),
      );
      stop.abort();
      expect(await endings[0]).toEqual([]);
      await log.close();
      expect(await endings[1]).toEqual([]);
    });

    it('does nothing any more once it is closed', async () => {
      const { log } = fixture;
      const writer = await log.writer('task');
      await Promise.all([log.close(), log.close()]);
      const attempts = [
        log.append([record('in', 0, null, 'late')]),
        writer.commit([record('in', 0, null, 'late')]),
        log.bounds(at('in')),
        log.topics.list(),
        log.writer('task'),
        log.purge(at('in'), 0),
      ];
      for (const attempt of await Promise.allSettled(attempts)) {
        expect(attempt).toEqual({ status: 'rejected', reason: errorCode('usage') });
      }
    });

    it('rejects a tail from below the start', async () => {
      const { log } = fixture;
      await fill(log, 1, 10);
      await log.purge(at('in'), 5);
      const tailing = takeUntil(log.tail([{ ...at('in'), offset: 4 }], new AbortController().signal), () => true);
      await expect(tailing).rejects.toEqual(errorCode('offset-out-of-range'));
    });
  });

  describe('polling', () => {
    const fixture = useLog(create, { batchBytes: 500 });
    beforeEach(() => fixture.log.topics.ensure([{ name: 'in', partitions: 2, cleanup: purged }]));

    it('polls from where it was told to seek, on and on', async () => {
      const { log } = fixture;
      await appendTexts(log, at('in'), numbers(0, 400));
      const source = await sourceOf(log, at('in'));
      source.seek(37);
      const offsets: number[] = [];
      for (let batch = await source.poll(0); batch !== undefined; batch = await source.poll(0)) {
        offsets.push(...batch.records.map(({ offset }) => offset));
        expect(batch.nextOffset).toBe(offsets.at(-1)! + 1);
        expect(batch.end).toBe(400);
      }
      expect(offsets).toEqual(numbers(37, 400).map(Number));
      source.seek(399);
      expect((await source.poll(0))?.records.map(text)).toEqual(['-=399']);
    });

    it('finds nothing when nothing comes in time', async () => {
      const { log } = fixture;
      const source = await sourceOf(log, at('in'));
      source.seek(0);
      expect(await source.poll(0)).toBeUndefined();
      const polling = source.poll(30);
      await appendTexts(log, at('in', 1), ['another partition']);
      expect(await polling).toBeUndefined();
    });

    it('ends a waiting poll without records when it is told to seek', async () => {
      const { log } = fixture;
      const source = await sourceOf(log, at('in'));
      source.seek(0);
      const polling = source.poll(60_000);
      await new Promise((wake) => setTimeout(wake, 20));
      source.seek(0);
      expect(await polling).toBeUndefined();
      await appendTexts(log, at('in'), ['later']);
      expect((await source.poll(10_000))?.records.map(text)).toEqual(['-=later']);
    });

    it('wakes a waiting poll as soon as records are there', async () => {
      const { log } = fixture;
      const source = await sourceOf(log, at('in'));
      source.seek(0);
      const polling = source.poll(60_000);
      await appendTexts(log, at('in', 1), ['another partition']);
      await appendTexts(log, at('in', 0), ['here']);
      expect((await polling)?.records.map(text)).toEqual(['-=here']);
    });

    it('demands a seek first', async () => {
      const source = await sourceOf(fixture.log, at('in'));
      await expect(source.poll(0)).rejects.toEqual(errorCode('usage'));
    });

    it('rejects a position below the start and one beyond the end', async () => {
      const { log } = fixture;
      await appendTexts(log, at('in'), numbers(0, 20));
      await log.purge(at('in'), 10);
      const source = await sourceOf(log, at('in'));
      for (const wrong of [0, 9, 21]) {
        source.seek(wrong);
        await expect(source.poll(0)).rejects.toEqual(errorCode('offset-out-of-range'));
      }
      source.seek(10);
      expect((await source.poll(0))?.records[0]?.offset).toBe(10);
      source.seek(20);
      expect(await source.poll(0)).toBeUndefined();
    });

    it('rejects a waiting poll that a purge overtakes', async () => {
      const { log } = fixture;
      await appendTexts(log, at('in'), numbers(0, 10));
      const source = await sourceOf(log, at('in'));
      source.seek(5);
      await log.purge(at('in'), 8);
      await expect(source.poll(1000)).rejects.toEqual(errorCode('offset-out-of-range'));
    });

    it('gives way to timers and sockets while there is always something to poll', async () => {
      const { log } = fixture;
      for (let i = 0; i < 25; i++) await appendTexts(log, at('in'), Array<string>(200).fill('v'.repeat(300)));
      const source = await sourceOf(log, at('in'));
      source.seek(0);
      let turns = 0;
      let next = setImmediate(function turn() {
        turns++;
        next = setImmediate(turn);
      });
      let polls = 0;
      while ((await source.poll(0)) !== undefined) polls++;
      clearImmediate(next);
      expect(polls).toBeGreaterThan(20);
      expect(turns).toBeGreaterThan(polls / 2);
    });

    it('sees each commit whole from other readers', async () => {
      const { log } = fixture;
      const writing = (async () => {
        for (let i = 0; i < 50; i++) await log.append([record('in', 0, null, `${i}`), record('in', 1, null, `${i}`)]);
      })();
      for (let end = 0; end < 50;) {
        const second = (await log.bounds(at('in', 1))).end;
        end = (await log.bounds(at('in', 0))).end;
        expect(end).toBeGreaterThanOrEqual(second);
        await new Promise(setImmediate);
      }
      await writing;
      expect(await readOffsets(log, at('in', 1), 48)).toEqual(['48:-=48', '49:-=49']);
    });
  });
}
