import type { IChartApi } from 'lightweight-charts';
import type { Zone } from '../format/time.ts';
import type { ChartScale, ChartStyle } from '../market/place.ts';
import type { ChartTheme } from './chart-theme.ts';
import { drawable } from './drawable.ts';
import {
  type Compared,
  comparedPlot,
  type Feature,
  mainPlot,
  overlayPlot,
  panePlot,
  type Plot,
  pricePlot,
} from './plots.ts';

/** How a chart is to be drawn. */
export interface ChartSetup {
  readonly style: ChartStyle;
  readonly scale: ChartScale;
  readonly decimals: number;
  /** What the chart's own coin is called where others are beside it. */
  readonly label: string;
  readonly overlays: readonly Feature[];
  /** Where there is one, all are lines, in percent of where each is at the left edge. */
  readonly compared: readonly Compared[];
  readonly panes: readonly Feature[];
  /** There is no room for names at the scale. */
  readonly isNarrow: boolean;
  readonly theme: ChartTheme;
  readonly zone: Zone;
}

/** The series of a chart, each kind in order. */
export interface ChartPlots {
  readonly price: Plot;
  readonly overlays: readonly Plot[];
  readonly compared: readonly Plot[];
  readonly panes: readonly Plot[];
}

/** Makes the series of a setup. Averages of one coin say nothing beside others: where coins are compared, they are left out. */
export function plotsOf(chart: IChartApi, setup: ChartSetup): ChartPlots {
  const { theme, style, decimals, isNarrow } = setup;
  const isCompared = setup.compared.length > 0;
  const colourOf = (i: number): string => theme.lines[i % theme.lines.length] ?? theme.up;
  const overlays = isCompared ? [] : setup.overlays;
  const main = isCompared
    ? mainPlot(chart, isNarrow ? '' : setup.label, theme.up)
    : pricePlot(chart, style, theme, decimals);
  const compared = setup.compared.map((coin, i) =>
    comparedPlot(chart, isNarrow ? { ...coin, label: '' } : coin, colourOf(i)),
  );
  return {
    price: drawable(main),
    overlays: overlays.map((feature, i) => drawable(overlayPlot(chart, feature, colourOf(i)))),
    compared: compared.map(drawable),
    panes: setup.panes.map((feature, i) => drawable(panePlot(chart, i + 1, feature, theme))),
  };
}
