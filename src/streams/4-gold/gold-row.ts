import type { HourMs } from '../time.ts';

/** A row of `pulse.features_hourly`: `features` holds the value of every declared feature, by its name. */
export interface FeatureRow {
  readonly coinId: string;
  readonly ts: HourMs;
  readonly price: number;
  readonly marketCap: number | null;
  readonly volume: number | null;
  readonly features: Readonly<Record<string, number | null>>;
  readonly final: boolean;
}

/** A row of `pulse.top_movers_24h`: the coin at its newest hour. */
export interface MoverRow {
  readonly coinId: string;
  /** The coin's newest hour. */
  readonly asOf: HourMs;
  readonly price: number;
  readonly marketCap: number | null;
  readonly volume: number | null;
  /** The values of every declared mover feature (`ret_24h`, `vol_24h`, `high_24h`, `low_24h`), by name. */
  readonly features: Readonly<Record<string, number | null>>;
}
