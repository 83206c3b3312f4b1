import type { EventTimeMs, HourMs } from '../time.ts';

/**
 * All ticks of one coin and hour, merged: what a partial and a Silver row have in common. Times are milliseconds since
 * the epoch. Whatever the merge compares is in here.
 */
export interface HourRow {
  /** Start of the hour. */
  readonly ts: HourMs;
  /** The close: the price of the last tick in tick order. */
  readonly price: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** At the close; null where the quote had none, or 0. */
  readonly marketCap: number | null;
  /** CoinGecko's `total_volume` at the close: a trailing 24-hour figure, never summed. Null as for `marketCap`. */
  readonly volume: number | null;
  /** How many input records are in it. */
  readonly observations: number;
  readonly openEventTs: EventTimeMs;
  readonly openObservedAt: number;
  readonly closeEventTs: EventTimeMs;
  readonly closeObservedAt: number;
  /** The largest observed at of its ticks. */
  readonly observedAt: number;
}

/** A partial: the ticks of one coin and hour that one commit of stage 1 saw. */
export interface Partial extends HourRow {
  readonly coinId: string;
}

/** A partial among other outcomes. */
export interface AcceptedPartial {
  readonly kind: 'partial';
  readonly partial: Partial;
}

/** A row of `pulse.prices_hourly`. */
export interface SilverRow extends HourRow {
  readonly coinId: string;
  /** The coin's largest observed at has passed the hour's end plus the grace. Advice: a later tick still corrects it. */
  readonly final: boolean;
}
