import type { Random } from './random.ts';

/**
 * Draws ranks from 0 to `count` − 1, rank k with a weight of 1 / (k + 1)^exponent, in constant time. An exponent of 0
 * draws all alike; 1 is Zipf's law; more is more skewed.
 *
 * Source: Michael D. Vose, A Linear Algorithm for Generating Random Numbers with a Given Distribution, 1991 (alias method).
 */
export class Zipf {
  private readonly count: number;
  /** The chance that a column stays with its own rank, and whose it is otherwise. */
  private readonly own: Float64Array;
  private readonly alias: Int32Array;

  constructor(count: number, exponent: number) {
    this.count = count;
    this.own = new Float64Array(count).fill(1);
    this.alias = Int32Array.from({ length: count }, (_, rank) => rank);
    const weights = Float64Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
    const share = weights.map((weight) => weight / mean);
    const ranks = [...share.keys()];
    const small = ranks.filter((rank) => (share[rank] ?? 0) < 1);
    const large = ranks.filter((rank) => (share[rank] ?? 0) >= 1);
    for (;;) {
      const low = small.pop();
      const high = large.at(-1);
      if (low === undefined || high === undefined) return;
      this.own[low] = share[low] ?? 1;
      this.alias[low] = high;
      const rest = (share[high] ?? 0) - (1 - (share[low] ?? 1));
      share[high] = rest;
      if (rest < 1) small.push(large.pop() ?? high);
    }
  }

  draw(random: Random): number {
    const place = random() * this.count;
    const column = Math.floor(place);
    return place - column < (this.own[column] ?? 1) ? column : (this.alias[column] ?? column);
  }
}
