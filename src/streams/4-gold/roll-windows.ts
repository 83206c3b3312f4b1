import { map, type OperatorFunction } from 'rxjs';
import type { CoinChange } from '../3-silver/coin-change.ts';
import type { StoredHour } from '../3-silver/stored-hour.ts';
import { HOUR_MS, type HourMs } from '../time.ts';
import { DenseHours } from './dense-hours.ts';
import { evaluate, reachOf } from './evaluate.ts';
import type { FeatureDeclaration } from './feature.ts';
import type { FeatureRow, MoverRow } from './gold-row.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

/** Where a coin's hours are read; ascending, `[from, to)`. */
export interface HourReader {
  visit(coinId: string, from: HourMs, to: HourMs, visitor: (row: StoredHour) => void): void;
}

/** What Gold declares. */
export interface GoldSpec {
  readonly features: readonly FeatureDeclaration[];
  readonly movers: readonly FeatureDeclaration[];
}

/** A coin's change with the Gold rows that it reaches. */
export interface GoldChange extends CoinChange {
  readonly features: readonly FeatureRow[];
  /** Undefined where the change does not reach the coin's newest hour. */
  readonly mover: MoverRow | undefined;
}

/**
 * Recomputes the Gold rows that a change of hours reaches: for a changed hour h with windows of n hours, those of
 * h … h + n - 1 that exist. Each of them once; no other.
 */
export const rollWindows = (spec: GoldSpec, hours: HourReader): OperatorFunction<CoinChange, GoldChange> => {
  const roll = createRoller(spec, hours);
  return map(roll);
};

/** {@link rollWindows} as a function. */
export function createRoller(spec: GoldSpec, hours: HourReader): (change: CoinChange) => GoldChange {
  const dense = new DenseHours();
  const moverReach = reachOf(spec.movers) * HOUR_MS;
  const reach = Math.max(reachOf(spec.features) * HOUR_MS, moverReach);

  const load = (coinId: string, stretch: Stretch): StoredHour[] => {
    const first = stretch.from - reach + HOUR_MS;
    const rows: StoredHour[] = [];
    dense.reset(first, stretch.to);
    hours.visit(coinId, first, stretch.to, (row) => {
      dense.set(row.ts, row.price, row.high, row.low);
      if (row.ts >= stretch.from) rows.push(row);
    });
    dense.seal();
    return rows;
  };

  return (change) => {
    const features: FeatureRow[] = [];
    let mover: MoverRow | undefined;
    for (const stretch of stretchesOf(change, reach))
      for (const row of load(change.coinId, stretch)) {
        if (!stretch.covers(row.ts)) continue;
        const window = dense.at(row.ts);
        features.push(featureRow(change.coinId, row, evaluate(spec.features, window)));
        if (row.ts === change.newest && reachesNewest(change, moverReach))
          mover = moverRow(change.coinId, row, evaluate(spec.movers, window));
      }
    return { ...change, features, mover };
  };
}

const reachesNewest = ({ hours, newest }: CoinChange, reach: number): boolean =>
  hours.some(({ row, reaches }) => row.ts === newest || (reaches && row.ts + reach > newest));

const featureRow = (coinId: string, row: StoredHour, features: FeatureRow['features']): FeatureRow => ({
  coinId,
  ts: row.ts,
  price: row.price,
  marketCap: row.marketCap,
  volume: row.volume,
  features,
  final: row.final,
});

const moverRow = (coinId: string, row: StoredHour, features: MoverRow['features']): MoverRow => ({
  coinId,
  asOf: row.ts,
  price: row.price,
  marketCap: row.marketCap,
  volume: row.volume,
  features,
});
