import type { Random } from '../../../src/streams/1-ingest/simulated/random.ts';
import { encodeSilver, hourKey } from '../../../src/streams/3-silver/hour-json.ts';
import type { HourRow } from '../../../src/streams/3-silver/hour-row.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { type EventTimeMs, HOUR_MS } from '../../../src/streams/time.ts';

/** Records of `pulse.prices_hourly` as stage 2 sends them, for a market of so many coins whose prices wander. */
export class HourlyMarket {
  readonly #random: Random;
  readonly #coins: readonly string[];
  readonly #topic: string;
  readonly #partitions: number;
  readonly #prices: Map<string, number>;

  constructor(random: Random, coins: number, topic: string, partitions: number) {
    this.#random = random;
    this.#topic = topic;
    this.#partitions = partitions;
    this.#coins = Array.from({ length: coins }, (_, coin) => `coin-${coin}`);
    this.#prices = new Map(this.#coins.map((coin, place) => [coin, 50_000 / (place + 1) ** 1.5]));
  }

  /** The hour's rows: of every coin once while the hour runs, and once when it is final. */
  hour(ts: number): readonly OutputRecord[] {
    const rows = this.#coins.map((coin) => ({ coin, row: this.#row(coin, ts) }));
    const records = (final: boolean) => rows.map(({ coin, row }) => this.#record(coin, row, final));
    return [...records(false), ...records(true)];
  }

  /** A late tick's consequence: the final row of one coin's hour once more, with another close. */
  correction(ts: number): OutputRecord {
    const coin = this.#coins[Math.floor(this.#random() * this.#coins.length)] ?? '';
    return this.#record(coin, this.#row(coin, ts), true);
  }

  #record(coin: string, row: HourRow, final: boolean): OutputRecord {
    const partition = Number(coin.slice('coin-'.length)) % this.#partitions;
    return { topic: this.#topic, partition, key: hourKey(coin, row.ts), value: encodeSilver(coin, row, final) };
  }

  #row(coin: string, ts: number): HourRow {
    const open = this.#prices.get(coin) ?? 1;
    const price = digits(open * (1 + (this.#random() - 0.5) / 50));
    this.#prices.set(coin, price);
    const at = (share: number): EventTimeMs => ts + Math.floor((share + this.#random() / 10) * HOUR_MS);
    const [opened, closed] = [at(0), at(0.9)];
    return {
      ...{ ts, price, open, high: digits(Math.max(open, price) * 1.002), low: digits(Math.min(open, price) * 0.998) },
      ...{ marketCap: Math.round(price * 1e7), volume: Math.round(price * this.#random() * 1e6), observations: 60 },
      ...{ openEventTs: opened, openObservedAt: opened + 4_000, closeEventTs: closed, closeObservedAt: closed + 4_000 },
      observedAt: closed + 4_000,
    };
  }
}

/** As many digits as CoinGecko gives. */
const digits = (price: number): number => Number(price.toPrecision(7));
