import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Membership } from '../../src/streams/log/log.ts';
import type { CreateLog } from './log-contract-tools.ts';
import { appendTexts, at, errorCode, nameOf, PassiveMember, purged, text } from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

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
      expect([...one.owned, ...two.owned].sort()).toEqual(all);
      expect([one.owned.length, two.owned.length]).toEqual([3, 3]);
      await second.leave();
      expect(two.owned).toEqual([]);
      expect(one.owned).toEqual(all);
    });

    it('spreads small topics over the members', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['c', 'd'], one);
      await fixture.log.join('g', ['c', 'd'], two);
      expect([one.owned.length, two.owned.length]).toEqual([1, 1]);
    });

    it('gives a partition to its new owner only when the old one is done with it', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a'], one);
      const pending: (() => void)[] = [];
      one.beforeRevoked = () => new Promise((resolve) => pending.push(resolve));
      const joining = fixture.log.join('g', ['a'], two);
      await expect.poll(() => pending.length).toBe(2);
      pending[0]!();
      await new Promise(setImmediate);
      expect(two.owned).toEqual([]);
      one.beforeRevoked = () => Promise.resolve();
      pending[1]!();
      await joining;
      expect([...one.owned, ...two.owned].sort()).toEqual(['a[0]', 'a[1]', 'a[2]', 'a[3]']);
      expect(two.owned.length).toBe(2);
    });

    it('leaves a member alone with what it keeps', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a'], one);
      const before = new Map(one.sources);
      await fixture.log.join('g', ['a'], two);
      for (const [name, source] of one.sources) expect(source).toBe(before.get(name));
    });

    it('gives each topic to those who want it', async () => {
      const [one, two] = [new PassiveMember(), new PassiveMember()];
      await fixture.log.join('g', ['a', 'b'], one);
      const leaving = await fixture.log.join('g', ['b', 'c'], two);
      expect([...one.owned, ...two.owned].sort()).toEqual([...all, 'c[0]']);
      expect(two.owned).toContain('c[0]');
      expect(two.owned.filter((name) => name.startsWith('a'))).toEqual([]);
      await leaving.leave();
      expect(one.owned).toEqual(all);
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
      expect(two.owned.length).toBe(4);
    });

    it('takes every partition back when the log is closed', async () => {
      const member = new PassiveMember();
      await fixture.log.join('g', ['a'], member);
      await fixture.log.close();
      expect(member.owned).toEqual([]);
    });

    it('gives each partition exactly one owner, however members come and go', async () => {
      const step = fc.record({ member: fc.nat(4), wants: fc.subarray(['a', 'b', 'c'], { minLength: 1 }) });
      const run = async (steps: readonly { member: number; wants: string[] }[], group: string): Promise<void> => {
        const live = new Map<number, { member: PassiveMember; wants: string[]; membership: Promise<Membership> }>();
        for (const { member: id, wants } of steps) {
          const known = live.get(id);
          live.delete(id);
          if (known !== undefined) void known.membership.then((membership) => membership.leave());
          else {
            const member = new PassiveMember();
            live.set(id, { member, wants, membership: fixture.log.join(group, wants, member) });
          }
        }
        await Promise.all([...live.values()].map(({ membership }) => membership));
        await (await fixture.log.join(group, ['d'], new PassiveMember())).leave();
        const owned = [...live.values()].flatMap(({ member }) => member.owned).sort();
        const wanted = new Set([...live.values()].flatMap(({ wants }) => wants));
        expect(owned).toEqual([...all, 'c[0]'].filter((name) => wanted.has(name[0]!)));
        for (const { member, wants } of live.values())
          expect(wants).toEqual(expect.arrayContaining(member.owned.map((name) => name[0])));
      };
      let groups = 0;
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), (steps) => run(steps, `group-${groups++}`)));
    });
  });
}
