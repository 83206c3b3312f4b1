import { assign } from './assign.ts';

/**
 * Gives every partition to one of the members that want its topic, as {@link assign} does. Topics that the same members
 * want are shared out together, so that many small topics are spread as well. Nobody gets what nobody wants.
 */
export function shareOut<Slot extends { readonly topic: string }, Member>(
  slots: readonly Slot[],
  members: readonly Member[],
  wants: (member: Member, topic: string) => boolean,
  ownerOf: (slot: Slot) => Member | undefined,
): ReadonlyMap<Slot, Member> {
  const pools = new Map<string, { readonly takers: readonly Member[]; readonly slots: Slot[] }>();
  for (const slot of slots) {
    const takers = members.filter((member) => wants(member, slot.topic));
    const name = takers.map((member) => members.indexOf(member)).join();
    const pool = pools.get(name) ?? { takers, slots: [] };
    pool.slots.push(slot);
    pools.set(name, pool);
  }
  return new Map([...pools.values()].flatMap(({ takers, slots: some }) => [...assign(some, takers, ownerOf)]));
}
