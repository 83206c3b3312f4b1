import { describe, expect, it } from 'vitest';
import type { CreateLog } from './log-contract-tools.ts';
import { appendTexts, at, compacted, errorCode, purged, readTexts } from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

export function topicContract(create: CreateLog): void {
  describe('topics', () => {
    const fixture = useLog(create);
    const kept = { name: 'kept', partitions: 3, cleanup: { kind: 'delete', retentionMs: 1000 } } as const;

    it('creates what is missing and lists it', async () => {
      const { topics } = fixture.log;
      await topics.ensure([{ name: 'a', partitions: 1, cleanup: compacted }, kept]);
      await topics.ensure([kept, { name: 'b', partitions: 2, cleanup: purged }]);
      expect((await topics.list()).map((topic) => topic.name).sort()).toEqual(['a', 'b', 'kept']);
      expect(await topics.describe('kept')).toEqual(kept);
      expect(await topics.describe('c')).toBeUndefined();
    });

    it.each([
      ['another number of partitions', { ...kept, partitions: 2 }],
      ['another cleanup', { ...kept, cleanup: purged }],
      ['another retention', { ...kept, cleanup: { kind: 'delete', retentionMs: 999 } }],
    ] as const)('refuses a topic that is there with %s, and creates nothing', async (_, wanted) => {
      const { topics } = fixture.log;
      await topics.ensure([kept]);
      const wish = topics.ensure([{ name: 'new', partitions: 1, cleanup: purged }, wanted]);
      await expect(wish).rejects.toEqual(errorCode('topic-mismatch'));
      expect(await topics.list()).toEqual([kept]);
    });

    it.each(['a/b', 'a b', 'a\0', 'x'.repeat(250), 'ü'])('refuses %j as a name', async (name) => {
      await expect(fixture.log.topics.ensure([{ ...kept, name }])).rejects.toEqual(errorCode('usage'));
    });

    it.each([0, -1, 1.5, NaN])('refuses %d partitions', async (partitions) => {
      await expect(fixture.log.topics.ensure([{ ...kept, partitions }])).rejects.toEqual(errorCode('usage'));
    });

    it('starts empty, at offset 0', async () => {
      await fixture.log.topics.ensure([kept]);
      for (const partition of [0, 1, 2]) {
        expect(await fixture.log.bounds(at('kept', partition))).toEqual({ start: 0, end: 0 });
        expect(await readTexts(fixture.log, at('kept', partition))).toEqual([]);
      }
    });

    it('forgets a removed topic; one of the same name starts anew', async () => {
      const { log } = fixture;
      await log.topics.ensure([kept, { name: 'other', partitions: 1, cleanup: purged }]);
      await appendTexts(log, at('kept', 1), ['one', 'two']);
      await appendTexts(log, at('other'), ['stays']);
      await log.topics.remove(['kept']);
      await expect(log.bounds(at('kept', 1))).rejects.toEqual(errorCode('unknown-topic'));
      await expect(appendTexts(log, at('kept', 1), ['late'])).rejects.toEqual(errorCode('unknown-topic'));
      await log.topics.ensure([kept]);
      expect(await log.bounds(at('kept', 1))).toEqual({ start: 0, end: 0 });
      await appendTexts(log, at('kept', 1), ['three']);
      expect(await readTexts(log, at('kept', 1))).toEqual(['-=three']);
      expect(await readTexts(log, at('other'))).toEqual(['-=stays']);
    });

    it('gives a topic an id that stays, and a topic of the same name that is made anew another one', async () => {
      const { log } = fixture;
      await log.topics.ensure([kept, { name: 'other', partitions: 1, cleanup: purged }]);
      const id = await log.topics.id('kept');
      expect(id).toMatch(/./);
      expect(await log.topics.id('other')).not.toBe(id);
      await appendTexts(log, at('kept', 1), ['one']);
      expect(await log.topics.id('kept')).toBe(id);
      await log.topics.remove(['kept']);
      await expect(log.topics.id('kept')).rejects.toEqual(errorCode('unknown-topic'));
      await log.topics.ensure([kept]);
      const anew = await log.topics.id('kept');
      expect(anew).toMatch(/./);
      expect([id, await log.topics.id('other')]).not.toContain(anew);
      expect(await (await fixture.reopen()).topics.id('kept')).toBe(anew);
    });

    it('refuses to remove what is not there, and removes nothing', async () => {
      await fixture.log.topics.ensure([kept]);
      await expect(fixture.log.topics.remove(['kept', 'none'])).rejects.toEqual(errorCode('unknown-topic'));
      expect(await fixture.log.topics.list()).toEqual([kept]);
    });

    it('is the same log after it was closed and opened', async () => {
      const { identity } = fixture.log;
      await fixture.log.topics.ensure([kept]);
      await appendTexts(fixture.log, at('kept'), ['one']);
      const log = await fixture.reopen();
      expect(log.identity).toBe(identity);
      expect(await log.topics.list()).toEqual([kept]);
      expect(await readTexts(log, at('kept'))).toEqual(['-=one']);
    });
  });
}
