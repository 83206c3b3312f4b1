import type { HourWindow } from './hour-window.ts';

/** How a feature's figure is to be read. */
export type FeatureUnit = 'ratio' | 'price' | 'standard deviations' | 'hours';

/**
 * One feature: its column in the topics, in Avro, Parquet and on the page follows from this declaration alone.
 * `of` is a pure function of the window; NaN or an infinity becomes null.
 */
export interface FeatureDeclaration {
  readonly name: string;
  /** How many hours of rows it reads: those in `(h - hours, h]`. A changed hour h changes it in `h … h + hours - 1`. */
  readonly hours: number;
  readonly unit: FeatureUnit;
  /** The formula in a line, for a person who hovers over the figure. */
  readonly formula: string;
  readonly of: (window: HourWindow) => number;
}
