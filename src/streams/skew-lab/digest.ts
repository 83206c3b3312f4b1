/** A sum of 64-bit digests, modulo 2^64: whatever order they are added in, it is the same. */
export interface DigestSum {
  readonly count: number;
  /** Its upper and its lower 32 bits, unsigned. */
  readonly high: number;
  readonly low: number;
}

const TWO_32 = 0x1_0000_0000;

export const noDigests: DigestSum = { count: 0, high: 0, low: 0 };

/** The sum of both. */
export function addDigests(one: DigestSum, other: DigestSum): DigestSum {
  const low = one.low + other.low;
  const carry = low >= TWO_32 ? 1 : 0;
  return { count: one.count + other.count, high: (one.high + other.high + carry) % TWO_32, low: low % TWO_32 };
}

/**
 * The digest of some bytes after so many rounds, each going on from the one before: none can be left out. It stands for work
 * that a record may need (a model to be asked, a signature to be checked), and costs some 0.9 µs a round and record.
 *
 * Source: two lanes of MurmurHash3's 32-bit mix (Austin Appleby), which take each other's state in after every round.
 */
export function digestOf(bytes: Uint8Array, rounds: number): DigestSum {
  if (rounds === 0) return { ...noDigests, count: 1 };
  const length = bytes.length;
  const words = length & ~3;
  let [a, b] = [0x9747b28c, length];
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < words; at += 4) {
      const word =
        (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
      a = mix(a, word, 0xcc9e2d51);
      b = mix(b, word, 0x1b873593);
    }
    for (let at = words; at < length; at++) a = mix(a, bytes[at] ?? 0, 0x85ebca6b);
    [a, b] = [avalanche(a ^ b), avalanche(b + a + round)];
  }
  return { count: 1, high: a >>> 0, low: b >>> 0 };
}

function mix(state: number, word: number, factor: number): number {
  let k = Math.imul(word, factor);
  k = (k << 15) | (k >>> 17);
  const mixed = state ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function avalanche(state: number): number {
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
