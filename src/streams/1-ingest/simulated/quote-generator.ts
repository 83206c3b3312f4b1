import { seededRandom, type Random } from './random.ts';
import { SimulatedCoin } from './simulated-coin.ts';
import { Zipf } from './zipf.ts';

/** What a simulated market follows from; the same of all this gives the same quotes, bit for bit. */
export interface MarketSpec {
  readonly seed: string;
  /** How many coins; the first is the hottest. */
  readonly coins: number;
  /** Of the Zipf distribution of quotes over coins: 0 none, 1 as in the real market, more for hotter keys. */
  readonly exponent: number;
  /** The event time of the first quote, in milliseconds since the epoch. */
  readonly startTime: number;
  /** Event time from one quote to the next, in milliseconds; may be a fraction. */
  readonly eventMsPerQuote: number;
}

/** A simulated quote. */
export interface SimulatedQuote {
  readonly coinId: string;
  /** 0 for the hottest. */
  readonly rank: number;
  readonly eventTime: number;
  /** About 850 bytes in the shape of an element of `/coins/markets`. */
  readonly json: string;
}

/** The quotes of a simulated market, one after the other in the order of event time. Pure but for its own state. */
export class QuoteGenerator {
  private readonly spec: MarketSpec;
  private readonly random: Random;
  private readonly ranks: Zipf;
  private readonly coins: readonly SimulatedCoin[];
  private made = 0;

  constructor(spec: MarketSpec) {
    this.spec = spec;
    this.random = seededRandom(spec.seed);
    this.ranks = new Zipf(spec.coins, spec.exponent);
    this.coins = Array.from({ length: spec.coins }, (_, rank) => new SimulatedCoin(rank, spec.startTime, this.random));
  }

  next(): SimulatedQuote {
    const { coin, rank, eventTime } = this.step();
    return { coinId: coin.id, rank, eventTime, json: coin.quote() };
  }

  /** Passes over quotes, at a twentieth of the cost of making them (some 100 ns each). */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.step();
  }

  private step(): { readonly coin: SimulatedCoin; readonly rank: number; readonly eventTime: number } {
    const { spec, random } = this;
    const eventTime = Math.floor(spec.startTime + this.made++ * spec.eventMsPerQuote);
    const rank = this.ranks.draw(random);
    const coin = this.coins[rank];
    if (coin === undefined) throw new RangeError(`There is no coin of rank ${rank}.`);
    coin.move(eventTime, random);
    return { coin, rank, eventTime };
  }
}
