import { formatRfc3339 } from '../../rfc3339.ts';
import { normal, type Random } from './random.ts';

const YEAR_MS = 365 * 86_400_000;
const DAY_MS = 86_400_000;
/** Of the logarithm of the price, in a year: between a stablecoin's and a meme coin's. */
const LEAST_VOLATILITY = 0.4;
const MOST_VOLATILITY = 1.6;

/**
 * An invented coin whose price follows a geometric Brownian motion, and its quotes in the shape of an element of
 * `/coins/markets`, with all 26 fields.
 */
export class SimulatedCoin {
  readonly id: string;
  private readonly volatility: number;
  private readonly supply: number;
  private price: number;
  private time: number;
  /** Of the event time's UTC day, which stands in for the last 24 hours. */
  private day = -1;
  private open: number;
  private high: number;
  private low: number;
  /** The fields that never change, from the first one on and from the supply on. */
  private readonly head: string;
  private readonly rank: string;
  private readonly tail: string;

  /** `rank` is 0 for the coin with the most quotes; prices spread over eight decades. */
  constructor(rank: number, startTime: number, random: Random) {
    const number = String(rank + 1).padStart(4, '0');
    this.id = `simulated-coin-${number}`;
    this.volatility = LEAST_VOLATILITY + random() * (MOST_VOLATILITY - LEAST_VOLATILITY);
    this.price = 10 ** (5 - 8 * random());
    this.supply = Math.round((1e12 * (0.5 + random())) / (this.price * (rank + 1)));
    this.open = this.high = this.low = this.price;
    this.time = startTime;
    const image = `https://coin-images.coingecko.com/coins/images/${90_000 + rank}/large/simulated-coin-${number}-logo.png?1696501400`;
    this.head = `{"id":"${this.id}","symbol":"sim${number}","name":"Simulated Coin ${number}","image":"${image}","current_price":`;
    this.rank = `,"market_cap_rank":${rank + 1},"fully_diluted_valuation":`;
    const supplies = `,"circulating_supply":${this.supply},"total_supply":${this.supply},"max_supply":null`;
    const ath = `,"ath":${significant(this.price * 3)},"ath_change_percentage":-66.66667,"ath_date":"2021-11-10T14:24:11.849Z"`;
    const atl = `,"atl":${significant(this.price / 50)},"atl_change_percentage":4900.12345,"atl_date":"2015-01-14T00:00:00.000Z"`;
    this.tail = `${supplies}${ath}${atl},"roi":null,"last_updated":"`;
  }

  /** The price at `time`, which must not go back. */
  move(time: number, random: Random): void {
    const years = (time - this.time) / YEAR_MS;
    const drift = -0.5 * this.volatility ** 2 * years;
    this.price *= Math.exp(drift + this.volatility * Math.sqrt(years) * normal(random));
    this.time = time;
    const day = Math.floor(time / DAY_MS);
    if (day !== this.day) {
      this.day = day;
      this.open = this.high = this.low = this.price;
    }
    if (this.price > this.high) this.high = this.price;
    if (this.price < this.low) this.low = this.price;
  }

  /** The quote of the present price: JSON text. */
  quote(): string {
    const { price, open, supply } = this;
    const marketCap = Math.round(price * supply);
    const change = price - open;
    const percentage = significant((100 * change) / open);
    return (
      `${this.head}${significant(price)},"market_cap":${marketCap}${this.rank}${marketCap}` +
      `,"total_volume":${Math.round(marketCap / 25)},"high_24h":${significant(this.high)},"low_24h":${significant(this.low)}` +
      `,"price_change_24h":${change},"price_change_percentage_24h":${percentage}` +
      `,"market_cap_change_24h":${change * supply},"market_cap_change_percentage_24h":${percentage}` +
      `${this.tail}${formatRfc3339(this.time)}"}`
    );
  }
}

/** About eight significant digits, as CoinGecko gives them; cheaper than `toPrecision`. */
function significant(value: number): number {
  if (value === 0) return 0;
  const digits = 7 - Math.floor(Math.log10(Math.abs(value)));
  const scale = 10 ** Math.min(Math.abs(digits), 300);
  return digits >= 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}
