import type { HistoryRow, MarketRow } from '../../contract.ts';
import type { Feature } from '../chart/plots.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainFigure, type FigureAt } from '../explain/figures.ts';
import type { Currency } from '../format/currency.ts';
import type { Zone } from '../format/time.ts';
import { hoursHeld } from '../market/hours-held.ts';

/** The chosen coin at its newest hour, and what stands behind each of its figures. */
export class ChosenCoin {
  readonly coin: string | null;
  readonly name: string;
  readonly symbol: string | null;
  readonly row: MarketRow | undefined;
  readonly currency: Currency;
  readonly #rows: readonly HistoryRow[];
  readonly #zone: Zone;

  constructor(
    coin: { readonly coin: string | null; readonly name: string; readonly symbol: string | null },
    row: MarketRow | undefined,
    rows: readonly HistoryRow[],
    zone: Zone,
    currency: Currency,
  ) {
    ({ coin: this.coin, name: this.name, symbol: this.symbol } = coin);
    this.row = row;
    this.currency = currency;
    this.#rows = rows;
    this.#zone = zone;
  }

  /** Of what and when a figure is. */
  get at(): Omit<FigureAt, 'value' | 'have'> {
    const row = this.row ?? { ts: NaN, price: NaN, final: true };
    return { row, name: this.name, zone: this.#zone };
  }

  valueOf(feature: Feature): number | null {
    return this.row?.values[feature.index] ?? null;
  }

  /** How many hours of the feature's window have a price. */
  heldOf({ column }: Feature): number {
    return this.row === undefined ? 0 : hoursHeld(this.#rows, this.row.ts, column.hours);
  }

  explain(feature: Feature): Explanation | undefined {
    if (this.row === undefined) return undefined;
    return explainFigure(feature.column, { ...this.at, value: this.valueOf(feature), have: this.heldOf(feature) });
  }
}
