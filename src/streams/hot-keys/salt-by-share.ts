import type { SaltedKey } from './balance.ts';
import type { HeavyKeys } from './heavy-hitters.ts';

/** Salted above this share of what comes in through its partition, and until it falls below the other. */
const HOT_SHARE = 0.2;
const COOL_SHARE = 0.1;
/** Of fewer records nothing follows. */
const LEAST_RECORDS = 200;

/**
 * Salts by share alone, whatever it costs and however busy anybody is: a key that surely is more than a fifth of what comes in
 * through a partition is dealt out, over the more lanes the larger its share is; under a tenth it is left alone again.
 */
export function saltByShare(
  home: number,
  lanes: number,
  { total, keys }: HeavyKeys,
  before: readonly SaltedKey[],
): readonly SaltedKey[] {
  if (total < LEAST_RECORDS) return before;
  return keys.flatMap(({ key, count, error }): readonly SaltedKey[] => {
    const share = (count - error) / total;
    const known = before.find((salted) => salted.key === key);
    if (share < (known === undefined ? HOT_SHARE : COOL_SHARE)) return [];
    const salts = Math.min(lanes, Math.ceil(share * lanes));
    if (known !== undefined && known.cycle.length >= salts) return [known];
    return salts < 2 ? [] : [{ key, home, cycle: Array.from({ length: salts }, (_, salt) => (home + salt) % lanes) }];
  });
}
