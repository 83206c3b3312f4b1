/** Numbers in [0, 1) that follow from a seed alone, so that a run can be had again. */
export type Random = () => number;

/**
 * A generator of 32-bit numbers with a state of 128 bits, seeded by a string.
 *
 * Source: Chris Doty-Humphrey, PractRand, sfc32; the seed is spread by FNV-1a and twelve rounds, as its author advises.
 */
export function seededRandom(seed: string): Random {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(seed, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  let [a, b, c, counter] = [hash, hash ^ 0x9e3779b9, Math.imul(hash, 0x85ebca6b), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** A standard normal number. Source: Box and Muller, 1958. */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
