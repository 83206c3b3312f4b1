import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Membership } from '../../src/streams/log/log.ts';
import type { CreateLog } from './log-contract-tools.ts';
import { at, compacted, errorCode, PassiveMember, purged, readAll, readTexts, record } from './log-contract-tools.ts';
import { useLog } from './log-fixture.ts';

const all = ['a[0]', 'a[1]', 'a[2]', 'a[3]', 'b[0]', 'b[1]'];

/** What a log promises beyond the port when it lives in one process: one order of everything, one clock, and no limits. */
export function localContract(create: CreateLog): void {
  describe('within one process', () => {
    const fixture = useLog(create);
    beforeEach(async () => {
      await fixture.log.topics.ensure([
        { name: 'out', partitions: 3, cleanup: purged },
        { name: 'positions', partitions: 1, cleanup: compacted },
        { name: 'a', partitions: 4, cleanup: purged },
        { name: 'b', partitions: 2, cleanup: purged },
        ...['c', 'd'].map((name) => ({ name, partitions: 1, cleanup: purged })),
      ]);
    });

    it('has an identity of its own', async () => {
      const other = await create();
      expect(other.log.identity).not.toBe(fixture.log.identity);
      await other.dispose();
    });

    it('keeps commits of many callers whole and in the order of the calls', async () => {
      const { log } = fixture;
      const writers = await Promise.all(['a', 'b', 'c'].map((id) => log.writer(id)));
      const commits = Array.from({ length: 60 }, (_, i) => {
        const records = [0, 1, 2].map((part) => record('out', 0, `${i}`, `${part}`));
        return i % 4 === 3 ? log.append(records) : writers[i % 4]!.commit(records);
      });
      const results = await Promise.all(commits);
      expect(results.map((result) => result.nextOffset('out', 0))).toEqual(results.map((_, i) => (i + 1) * 3));
      const expected = results.flatMap((_, i) => [`${i}=0`, `${i}=1`, `${i}=2`]);
      expect(await readTexts(log, at('out'))).toEqual(expected);
    });

    it('notes how far a group has come, with the commit that says so', async () => {
      const { log } = fixture;
      const writer = await log.writer('task');
      await writer.commit([record('out', 0, null, '1')], { group: 'g', topic: 'in', partition: 0, offset: 5 });
      await writer.commit([], { group: 'g', topic: 'in', partition: 1, offset: 6 });
      await writer.commit([], { group: 'g', topic: 'in', partition: 0, offset: 9 });
      await writer.commit([], { group: 'other', topic: 'in', partition: 0, offset: 1 });
      const lost = writer.commit([record('none', 0, null, '')], { group: 'g', topic: 'in', partition: 0, offset: 99 });
      await expect(lost).rejects.toEqual(errorCode('unknown-topic'));
      expect([...(await log.progress('g'))].sort((a, b) => a.partition - b.partition)).toEqual([
        { group: 'g', topic: 'in', partition: 0, offset: 9 },
        { group: 'g', topic: 'in', partition: 1, offset: 6 },
      ]);
      expect(await log.progress('nobody')).toEqual([]);
    });

    it('stamps records with the time of their append', async () => {
      const { log, time } = fixture;
      const first = time.now();
      await log.append([record('out', 0, null, '1'), record('out', 0, null, '2')]);
      time.advance(60_000);
      await log.append([record('out', 0, null, '3')]);
      const found = await readAll(log, at('out'));
      expect(found.map(({ timestamp }) => timestamp)).toEqual([first, first, first + 60_000]);
    });

    it('rejects even an empty commit of a fenced writer', async () => {
      const first = await fixture.log.writer('task');
      await fixture.log.writer('task');
      await expect(first.commit([])).rejects.toEqual(errorCode('fenced'));
    });

    it('lets no commit of a fenced writer in that is under way when the next one opens', async () => {
      const { log } = fixture;
      const first = await log.writer('task');
      const [opening, late] = await Promise.allSettled([
        log.writer('task'),
        first.commit([record('out', 0, null, 'late')]),
      ]);
      expect(late).toEqual({ status: 'rejected', reason: errorCode('fenced') });
      expect(opening.status).toBe('fulfilled');
      expect(await readTexts(log, at('out'))).toEqual([]);
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

    it('refuses "" as the name of a topic', async () => {
      const ensured = fixture.log.topics.ensure([{ name: '', partitions: 1, cleanup: purged }]);
      await expect(ensured).rejects.toEqual(errorCode('usage'));
    });

    it('gives back a huge value', async () => {
      const value = Buffer.alloc(20_000_000, 'v');
      await fixture.log.append([record('out', 0, 'before', ''), { ...record('out', 0, 'huge', null), value }]);
      expect((await readAll(fixture.log, at('out')))[1]?.value?.equals(value)).toBe(true);
    });
  });
}
