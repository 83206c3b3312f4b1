import { beforeEach, describe, expect, it } from 'vitest';
import type { CreateLog } from './log-contract-tools.ts';
import { appendTexts, at, errorCode, nameOf, PassiveMember, purged, text } from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

/** Members that live in other processes learn of a change with their next heartbeat. */
const patience = { interval: 5 };

const all = ['a[0]', 'a[1]', 'a[2]', 'a[3]', 'b[0]', 'b[1]'];

export function groupContract(create: CreateLog): void {
  describe('groups', () => {
    const fixture = useLog(create);
    beforeEach(() =>
      fixture.log.topics.ensure([
        { name: 'a', partitions: 4, cleanup: purged },
        { name: 'b', partitions: 2, cleanup: purged },
        ...['c', 'd'].map((name) => ({ name, partitions: 1, cleanup: purged })),
      ]),
    );

    it('gives everything to the only member', async () => {
      const member = new PassiveMember();
      await fixture.log.join('g', ['a', 'b'], member);
      expect(member.owned).toEqual(all);
    });

    it('shares evenly with a second member, and gives everything back when it leaves', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a', 'b'], one);
      const second = await fixture.log.join('g', ['a', 'b'], two);
      await expect.poll(() => [...one.owned, ...two.owned].sort(), patience).toEqual(all);
      expect([one.owned.length, two.owned.length]).toEqual([3, 3]);
      await second.leave();
      expect(two.owned).toEqual([]);
      await expect.poll(() => one.owned, patience).toEqual(all);
    });

    it('spreads small topics over the members', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['c', 'd'], one);
      await fixture.log.join('g', ['c', 'd'], two);
      await expect.poll(() => [one.owned.length, two.owned.length], patience).toEqual([1, 1]);
    });

    it('leaves a member alone with what it keeps', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a'], one);
      const before = new Map(one.sources);
      await fixture.log.join('g', ['a'], two);
      await expect.poll(() => [one.owned.length, two.owned.length], patience).toEqual([2, 2]);
      for (const [name, source] of one.sources) expect(source).toBe(before.get(name));
    });

    it('gives each topic to those who want it', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a', 'b'], one);
      const leaving = await fixture.log.join('g', ['b', 'c'], two);
      await expect.poll(() => [...one.owned, ...two.owned].sort(), patience).toEqual([...all, 'c[0]']);
      expect(two.owned).toContain('c[0]');
      expect(two.owned.filter((name) => name.startsWith('a'))).toEqual([]);
      await leaving.leave();
      await expect.poll(() => one.owned, patience).toEqual(all);
    });

    it('keeps groups apart', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a'], one);
      await fixture.log.join('h', ['a'], two);
      expect(one.owned).toEqual(two.owned);
    });

    it('ends a waiting poll of a partition that is taken away, and finds nothing in it any more', async () => {
      const { log } = fixture;
      const member = new PassiveMember();
      const membership = await log.join('g', ['a'], member);
      const source = member.source(at('a', 1));
      source.seek(0);
      const polling = source.poll(60_000);
      await membership.leave();
      expect(await polling).toBeUndefined();
      await appendTexts(log, at('a', 1), ['late']);
      expect(await source.poll(10)).toBeUndefined();
    });

    it('hands every record to the owner of its partition', async () => {
      const { log } = fixture;
      const members = [new PassiveMember(), new PassiveMember(), new PassiveMember()];
      for (const member of members) await log.join('g', ['a', 'b'], member);
      await expect.poll(() => members.map(({ owned }) => owned.length), patience).toEqual([2, 2, 2]);
      for (const name of ['a', 'b']) await appendTexts(log, at(name, 1), [name]);
      const found: string[] = [];
      for (const source of members.flatMap((member) => [...member.sources.values()])) {
        source.seek(0);
        found.push(...((await source.poll(0))?.records.map((record) => `${nameOf(source)} ${text(record)}`) ?? []));
      }
      expect(found.sort()).toEqual(['a[1] -=a', 'b[1] -=b']);
    });

    it('rejects a join that names an absent topic, and leaves the group as it was', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a'], one);
      await expect(fixture.log.join('g', ['a', 'none'], two)).rejects.toEqual(errorCode('unknown-topic'));
      expect([one.owned.length, two.owned.length]).toEqual([4, 0]);
    });

    it('reports a member that fails to give up a partition, and goes on', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      const first = await fixture.log.join('g', ['a'], one);
      one.beforeRevoked = () => Promise.reject(new Error('stuck'));
      await expect(first.leave()).rejects.toThrow('stuck');
      await fixture.log.join('g', ['a'], two);
      await expect.poll(() => two.owned.length, patience).toBe(4);
    });

    it('takes partitions from a member again after it failed to give one up', async () => {
      const one = new PassiveMember();
      const asked: string[] = [];
      one.beforeRevoked = (partition) => {
        asked.push(nameOf(partition));
        return asked.length <= 2 ? Promise.reject(new Error('stuck')) : Promise.resolve();
      };
      await fixture.log.join('g', ['a'], one);
      await fixture.log.join('g', ['a'], new PassiveMember()).catch(() => undefined);
      await expect.poll(() => asked.length, patience).toBe(2);
      for (let others = 0; others < 2; others++) await fixture.log.join('g', ['a'], new PassiveMember());
      await expect.poll(() => new Set(asked).size, patience).toBe(3);
    });

    it('says of a partition whether it is still its member’s', async () => {
      const member = new PassiveMember();
      const membership = await fixture.log.join('g', ['c'], member);
      const source = member.source(at('c'));
      expect(await source.isOwned()).toBe(true);
      expect(await source.isOwned('afresh')).toBe(true);
      expect(source.isInDoubt).toBe(false);
      const asked = source.isOwned('afresh');
      await membership.leave();
      await asked;
      expect(await source.isOwned()).toBe(false);
      expect(await source.isOwned('afresh')).toBe(false);
      expect(source.isInDoubt).toBe(true);
    });

    it('takes every partition back when the log is closed', async () => {
      const member = new PassiveMember();
      await fixture.log.join('g', ['a'], member);
      await fixture.log.close();
      expect(member.owned).toEqual([]);
    });
  });
}
