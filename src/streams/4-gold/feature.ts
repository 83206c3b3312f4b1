import type { HourWindow } from './hour-window.ts';

/**
 * How a feature's figure is to be read, and drawn. A `change` is a ratio with a direction, such as a return: it has its sign and
 * its colour, and bars from zero in a pane. A `ratio` is a size, such as a volatility, and a line in a pane, as `standard
 * deviations` are. A `price` is a line over the prices. `hours` are counted, and not drawn.
 */
export type FeatureUnit = 'change' | 'ratio' | 'price' | 'standard deviations' | 'hours';

/** How the page tells of a feature. All of it may be left out: the feature is shown all the same, by its name. */
export interface FeatureDisplay {
  /** What people call it. */
  readonly label?: string;
  /** The same in few letters, as the head of its column. */
  readonly head?: string;
  /** What it is, in a sentence. */
  readonly meaning?: string;
  /** It is of the window's two ends alone, as a return is: where one is missing it is null, never of what there is. */
  readonly isOfEnds?: boolean;
  /**
   * Its column's place in the market table where there is little room: 1 always stays, 6 goes first. The two changes that
   * come first by it stand beside the chosen coin's price. 6 where it is left out. Prices and hours have no column.
   */
  readonly rank?: 1 | 2 | 3 | 4 | 5 | 6;
  /** Its pane is there until somebody chooses others: 1 always, 2 in a high window, 3, which is usual, in a very high one. */
  readonly pane?: 1 | 2 | 3;
}

/**
 * One feature: its column in the topics, in Avro, Parquet and on the page follows from this declaration alone.
 * `of` is a pure function of the window; NaN or an infinity becomes null.
 */
export interface FeatureDeclaration extends FeatureDisplay {
  readonly name: string;
  /** How many hours of rows it reads: those in `(h - hours, h]`. A changed hour h changes it in `h … h + hours - 1`. */
  readonly hours: number;
  readonly unit: FeatureUnit;
  /** The formula in a line, for a person who hovers over the figure. */
  readonly formula: string;
  readonly of: (window: HourWindow) => number;
}
