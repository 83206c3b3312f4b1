import { expect, it } from 'vitest';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { MemoryStore } from '../../../src/streams/log/memory/memory-store.ts';
import { shareOf } from '../../../src/streams/log/share-of.ts';

it.each([1, 2, 3, 7])('%d workers own every partition once, and give up what they own', async (count) => {
  const store = new MemoryStore();
  const assigned: number[][] = [];
  const revoked: number[][] = [];
  for (let index = 0; index < count; index++) {
    // Each worker has the log open by itself, so its groups have no other member.
    const log = createMemoryLog({ store });
    await log.topics.ensure([{ name: 't', partitions: 7, cleanup: { kind: 'purge' } }]);
    const owned: number[] = [];
    const lost: number[] = [];
    const membership = await shareOf(log, index, count).join('group', ['t'], {
      assigned: ({ partition }) => void owned.push(partition),
      revoked: async ({ partition }) => void lost.push(partition),
    });
    await membership.leave();
    assigned.push(owned);
    revoked.push(lost);
  }
  expect(assigned.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(revoked.map((lost) => [...lost].sort())).toEqual(assigned.map((owned) => [...owned].sort()));
});
