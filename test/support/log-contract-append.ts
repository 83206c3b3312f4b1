import { beforeEach, describe, expect, it } from 'vitest';
import type { OutputRecord } from '../../src/streams/log/log.ts';
import type { CreateLog } from './log-contract-tools.ts';
import { at, compacted, errorCode, purged, readAll, readOffsets, readTexts, record } from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

export function appendContract(create: CreateLog): void {
  describe('appending', () => {
    const fixture = useLog(create);
    beforeEach(async () => {
      await fixture.log.topics.ensure([
        { name: 'out', partitions: 3, cleanup: purged },
        { name: 'positions', partitions: 1, cleanup: compacted },
      ]);
    });

    it('appends outputs and position in one transaction', async () => {
      const { log } = fixture;
      const writer = await log.writer('task');
      const result = await writer.commit([
        record('out', 0, 'a', '1'),
        record('out', 2, 'b', '2'),
        record('out', 0, 'c', '3'),
        record('positions', 0, 'task', '7'),
      ]);
      expect(result.nextOffset('out', 0)).toBe(2);
      expect(result.nextOffset('out', 1)).toBeUndefined();
      expect(result.nextOffset('out', 2)).toBe(1);
      expect(result.nextOffset('positions', 0)).toBe(1);
      expect(result.nextOffset('none', 0)).toBeUndefined();
      expect(await readOffsets(log, at('out', 0))).toEqual(['0:a=1', '1:c=3']);
      expect(await readOffsets(log, at('out', 2))).toEqual(['0:b=2']);
      expect(await readOffsets(log, at('positions'))).toEqual(['0:task=7']);
    });

    it('appends nothing of a commit that names an absent topic or partition', async () => {
      const { log } = fixture;
      for (const wrong of [record('none', 0, 'x', 'x'), record('out', 3, 'x', 'x'), record('out', -1, 'x', 'x')]) {
        const writer = await log.writer('task');
        const commit = writer.commit([record('out', 0, 'a', '1'), wrong, record('positions', 0, 'task', '7')]);
        await expect(commit).rejects.toEqual(errorCode('unknown-topic'));
        await expect(log.append([record('out', 1, 'a', '1'), wrong])).rejects.toEqual(errorCode('unknown-topic'));
      }
      for (const partition of [0, 1, 2]) expect(await log.bounds(at('out', partition))).toEqual({ start: 0, end: 0 });
      expect(await log.bounds(at('positions'))).toEqual({ start: 0, end: 0 });
    });

    it('appends the other commits of the same turn when one is rejected', async () => {
      const { log } = fixture;
      const outcomes = await Promise.allSettled([
        log.append([record('out', 0, null, '1')]),
        log.append([record('out', 0, null, 'x'), record('none', 0, null, 'x')]),
        log.append([record('out', 0, null, '2')]),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await readOffsets(log, at('out'))).toEqual(['0:-=1', '1:-=2']);
    });

    it('takes a commit without records', async () => {
      const writer = await fixture.log.writer('task');
      expect((await writer.commit([])).nextOffset('out', 0)).toBeUndefined();
      expect((await fixture.log.append([])).nextOffset('out', 0)).toBeUndefined();
    });

    it.each<[string, Partial<OutputRecord>, Partial<Record<'key' | 'value', Buffer | null>>]>([
      ['no key and no value', {}, {}],
      ['an empty key', { key: '' }, { key: Buffer.alloc(0) }],
      ['an empty value', { value: Buffer.alloc(0) }, { value: Buffer.alloc(0) }],
      [
        'text beyond ASCII',
        { key: 'β₿🚀', value: 'ü'.repeat(70) },
        { key: Buffer.from('β₿🚀'), value: Buffer.from('ü'.repeat(70)) },
      ],
      ['a lone surrogate', { value: '\ud800' }, { value: Buffer.from('\ufffd') }],
      ['every byte', { key: everyByte(), value: everyByte() }, { key: everyByte(), value: everyByte() }],
      ['a key of 10 kB', { key: 'k'.repeat(10_000) }, { key: Buffer.alloc(10_000, 'k') }],
      ['a large value', { value: Buffer.alloc(900_000, 'v') }, { value: Buffer.alloc(900_000, 'v') }],
    ])('gives back %s', async (_, written, expected) => {
      const { log } = fixture;
      const base = { topic: 'out', partition: 0, key: null, value: null };
      await log.append([record('out', 0, 'before', ''), { ...base, ...written }, record('out', 0, 'after', '')]);
      const [, found, after] = await readAll(log, at('out'));
      expect(found!.key?.equals(expected.key ?? Buffer.alloc(0)) ?? null).toBe(expected.key == null ? null : true);
      expect(found!.value?.equals(expected.value ?? Buffer.alloc(0)) ?? null).toBe(
        expected.value == null ? null : true,
      );
      expect(after!.key?.toString()).toBe('after');
    });

    it('gives back headers by name', async () => {
      const headers = { observed_at: '2024-01-01', empty: '', 'ü₿': Buffer.from([0, 255]), obs: 'x', __proto__x: 'p' };
      await fixture.log.append([{ ...record('out', 0, 'k', 'v'), headers }, record('out', 0, 'k', 'none')]);
      const [found, bare] = await readAll(fixture.log, at('out'));
      expect(found!.header('observed_at')?.toString()).toBe('2024-01-01');
      expect(found!.header('empty')).toEqual(Buffer.alloc(0));
      expect(found!.header('ü₿')).toEqual(Buffer.from([0, 255]));
      expect(found!.header('obs')?.toString()).toBe('x');
      for (const absent of ['observed', 'observed_at_', 'u', '', 'toString'])
        expect(found!.header(absent)).toBeUndefined();
      const expected = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]);
      expect(found!.headers()).toEqual(Object.fromEntries(expected));
      expect(bare!.header('observed_at')).toBeUndefined();
      expect(bare!.headers()).toEqual({});
    });

    it('lets the caller use its buffers again once it is appended', async () => {
      const buffer = Buffer.from('before');
      await fixture.log.append([{ topic: 'out', partition: 0, key: buffer, value: buffer, headers: { h: buffer } }]);
      buffer.fill('x');
      const [found] = await readAll(fixture.log, at('out'));
      expect([found!.key, found!.value, found!.header('h')].map(String)).toEqual(['before', 'before', 'before']);
    });

    it('keeps what it gave: reading and appending on does not change it', async () => {
      const { log } = fixture;
      const values = Array.from({ length: 300 }, (_, i) => `${i}`.repeat(300));
      await log.append(values.map((value) => record('out', 0, value, value)));
      const kept = await readAll(log, at('out'));
      for (let i = 0; i < 5; i++) await log.append(values.map(() => record('out', 0, 'other', 'z'.repeat(900))));
      await readAll(log, at('out'));
      expect(kept.map((found) => String(found.value))).toEqual(values);
      expect(kept.map((found) => String(found.key))).toEqual(values);
    });

    it('goes on where it was after it was closed and opened', async () => {
      await fixture.log.append([record('out', 0, null, '1'), record('out', 0, null, '2')]);
      const log = await fixture.reopen();
      expect((await log.append([record('out', 0, null, '3')])).nextOffset('out', 0)).toBe(3);
      expect(await readOffsets(log, at('out'))).toEqual(['0:-=1', '1:-=2', '2:-=3']);
    });
  });

  describe('fencing', () => {
    const fixture = useLog(create);
    beforeEach(() => fixture.log.topics.ensure([{ name: 'out', partitions: 1, cleanup: purged }]));

    it('fences the earlier writers of an id, and them alone', async () => {
      const { log } = fixture;
      const [first, other] = [await log.writer('task'), await log.writer('other')];
      await first.commit([record('out', 0, null, '1')]);
      const second = await log.writer('task');
      await expect(first.commit([record('out', 0, null, 'x')])).rejects.toEqual(errorCode('fenced'));
      await second.commit([record('out', 0, null, '2')]);
      await expect(first.commit([record('out', 0, null, 'x')])).rejects.toEqual(errorCode('fenced'));
      await other.commit([record('out', 0, null, '3')]);
      await log.append([record('out', 0, null, '4')]);
      expect(await readTexts(log, at('out'))).toEqual(['-=1', '-=2', '-=3', '-=4']);
    });

    it('fences writers from before a restart', async () => {
      const { log } = fixture;
      const writers = [await log.writer('task'), await log.writer('task')];
      await writers[1]!.commit([record('out', 0, null, '1')]);
      const later = await (await fixture.reopen()).writer('task');
      await later.commit([record('out', 0, null, '2')]);
      for (const writer of writers) await expect(writer.commit([record('out', 0, null, 'x')])).rejects.toThrow();
      expect(await readTexts(fixture.log, at('out'))).toEqual(['-=1', '-=2']);
    });

    it('lets the commits of a writer happen in the order of the calls, and none behind one that was rejected', async () => {
      const { log } = fixture;
      const writer = await log.writer('w');
      const values = Array.from({ length: 20 }, (_, i) => String(i));
      const commits = values.map((value) =>
        writer.commit([record(value === '12' ? 'none' : 'out', 0, null, value)]).then(
          () => true,
          () => false,
        ),
      );
      expect(await Promise.all(commits)).toEqual(values.map((_, i) => i < 12));
      expect(await readTexts(log, at('out'))).toEqual(values.slice(0, 12).map((value) => `-=${value}`));
    });

    it('takes a writer for spent after a rejection', async () => {
      const { log } = fixture;
      const writer = await log.writer('task');
      await expect(writer.commit([record('none', 0, null, 'x')])).rejects.toEqual(errorCode('unknown-topic'));
      await expect(writer.commit([record('out', 0, null, 'x')])).rejects.toThrow(/open another/);
      await (await log.writer('task')).commit([record('out', 0, null, '1')]);
      expect(await readTexts(log, at('out'))).toEqual(['-=1']);
    });

    it('takes no commit on a closed writer', async () => {
      const writer = await fixture.log.writer('task');
      await writer.close();
      await expect(writer.commit([record('out', 0, null, 'x')])).rejects.toEqual(errorCode('usage'));
    });
  });
}

function everyByte(): Buffer {
  return Buffer.from(Array.from({ length: 256 }, (_, i) => i));
}
