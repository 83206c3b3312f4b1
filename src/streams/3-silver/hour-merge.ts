import type { EventTimeMs, HourMs } from '../time.ts';
import type { HourRow } from './hour-row.ts';

/** One usable quote, as the merge takes it. */
export interface MergeTick {
  readonly eventTs: EventTimeMs;
  readonly observedAt: number;
  readonly price: number;
  readonly marketCap: number | null;
  readonly volume: number | null;
}

/** An {@link HourRow} that is being folded. */
export type HourFold = { -readonly [Field in keyof HourRow]: HourRow[Field] };

/**
 * How ticks become an hour. Two ticks are ordered by (event time, observed at, price, market cap, volume), null lowest:
 * total, and from the data alone. `open` is the price of the first tick, `price` the figures of the last, `high` and `low`
 * are extremes, `observations` counts. Merging is commutative and associative; all but `observations` is idempotent.
 */
export const hourMerge = {
  /** The hour of a single tick. */
  lift(ts: HourMs, tick: MergeTick): HourFold {
    return {
      ts,
      price: tick.price,
      open: tick.price,
      high: tick.price,
      low: tick.price,
      marketCap: tick.marketCap,
      volume: tick.volume,
      observations: 1,
      openEventTs: tick.eventTs,
      openObservedAt: tick.observedAt,
      closeEventTs: tick.eventTs,
      closeObservedAt: tick.observedAt,
      observedAt: tick.observedAt,
    };
  },

  /** Equal to `combine(into, lift(into.ts, tick))`, without the copy: this runs once for every record. */
  absorb(into: HourFold, tick: MergeTick): void {
    const { eventTs, observedAt, price } = tick;
    into.observations++;
    if (price > into.high) into.high = price;
    if (price < into.low) into.low = price;
    if (observedAt > into.observedAt) into.observedAt = observedAt;
    if (compareOpen(eventTs, observedAt, price, into) < 0) setOpen(into, eventTs, observedAt, price);
    if (compareClose(eventTs, observedAt, price, tick.marketCap, tick.volume, into) > 0)
      setClose(into, eventTs, observedAt, price, tick.marketCap, tick.volume);
  },

  /** `into` becomes the join of both; `other` stays as it is. Both are of the same hour. */
  combine(into: HourFold, other: HourRow): void {
    into.observations += other.observations;
    if (other.high > into.high) into.high = other.high;
    if (other.low < into.low) into.low = other.low;
    if (other.observedAt > into.observedAt) into.observedAt = other.observedAt;
    if (compareOpen(other.openEventTs, other.openObservedAt, other.open, into) < 0)
      setOpen(into, other.openEventTs, other.openObservedAt, other.open);
    const { closeEventTs, closeObservedAt, price, marketCap, volume } = other;
    if (compareClose(closeEventTs, closeObservedAt, price, marketCap, volume, into) > 0)
      setClose(into, closeEventTs, closeObservedAt, price, marketCap, volume);
  },
} as const;

/** Market cap and volume need no comparison here: ticks that tie up to the price open the hour at the same price. */
const compareOpen = (eventTs: number, observedAt: number, price: number, than: HourRow): number =>
  eventTs - than.openEventTs || observedAt - than.openObservedAt || price - than.open;

const compareClose = (
  eventTs: number,
  observedAt: number,
  price: number,
  marketCap: number | null,
  volume: number | null,
  than: HourRow,
): number =>
  eventTs - than.closeEventTs ||
  observedAt - than.closeObservedAt ||
  price - than.price ||
  compareNullable(marketCap, than.marketCap) ||
  compareNullable(volume, than.volume);

const compareNullable = (a: number | null, b: number | null): number =>
  a === null ? (b === null ? 0 : -1) : b === null ? 1 : a - b;

function setOpen(into: HourFold, eventTs: number, observedAt: number, price: number): void {
  into.openEventTs = eventTs;
  into.openObservedAt = observedAt;
  into.open = price;
}

function setClose(
  into: HourFold,
  eventTs: number,
  observedAt: number,
  price: number,
  marketCap: number | null,
  volume: number | null,
): void {
  into.closeEventTs = eventTs;
  into.closeObservedAt = observedAt;
  into.price = price;
  into.marketCap = marketCap;
  into.volume = volume;
}
