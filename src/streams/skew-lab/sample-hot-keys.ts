import { balance, type SaltedKey } from '../hot-keys/balance.ts';
import { SpaceSaving } from '../hot-keys/space-saving.ts';
import { partitionOf } from '../log/partition-of.ts';
import { heaviestOf, SKETCH_KEYS } from './heaviest-of.ts';
import type { ArenaReader } from './record-arena.ts';

/** One record of so many is looked at. */
const EVERY = 8;

/**
 * Which keys a producer salts who has looked at a part of the records: those whose partitions would have more than the
 * others, each over as many partitions as its share asks for. A record that is salted where it is written takes no detour.
 */
export function sampleHotKeys(arena: ArenaReader, tasks: number): readonly SaltedKey[] {
  const homes = arena.keys.map((key) => partitionOf(key, tasks));
  const sketches = Array.from({ length: tasks }, () => new SpaceSaving(SKETCH_KEYS));
  for (let index = 0; index < arena.records; index += EVERY) {
    const number = arena.keyNumber(index);
    sketches[homes[number] ?? 0]?.add(arena.keys[number] ?? '');
  }
  const demands = sketches.map((sketch, lane) => ({
    ...{ lane, owner: String(lane), records: sketch.total },
    heaviest: heaviestOf(sketch),
  }));
  return balance(demands, { workUs: 1, sendUs: 0, receiveUs: 0 }).salted;
}
