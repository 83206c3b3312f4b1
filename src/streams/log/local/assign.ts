/**
 * Gives every item to one of the members, as evenly as can be, moving as few as can be: an item stays where it is unless
 * its owner is gone or holds more than its share. Deterministic in the order of items and members.
 */
export function assign<Item, Member>(
  items: readonly Item[],
  members: readonly Member[],
  ownerOf: (item: Item) => Member | undefined,
): ReadonlyMap<Item, Member> {
  const assigned = new Map<Item, Member>();
  if (members.length === 0) return assigned;
  const least = Math.floor(items.length / members.length);
  let larger = items.length % members.length;
  const held = new Map(members.map((member) => [member, 0]));
  for (const item of items) {
    const owner = ownerOf(item);
    const count = owner === undefined ? undefined : held.get(owner);
    if (owner === undefined || count === undefined) continue;
    const isShareFull = count >= least && (count > least || larger === 0);
    if (isShareFull) continue;
    if (count === least) larger--;
    held.set(owner, count + 1);
    assigned.set(item, owner);
  }
  for (const item of items) if (!assigned.has(item)) assigned.set(item, takeLightest(held));
  return assigned;
}

function takeLightest<Member>(held: Map<Member, number>): Member {
  const [first, ...others] = held;
  if (first === undefined) throw new Error('There is nobody to assign to.');
  const [member, count] = others.reduce((lightest, other) => (other[1] < lightest[1] ? other : lightest), first);
  held.set(member, count + 1);
  return member;
}
