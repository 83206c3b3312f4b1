import {
  AreaSeries,
  CandlestickSeries,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesDataItemTypeMap,
  type SeriesType,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Column } from '../../contract.ts';
import { formatFigure } from '../format/figure.ts';
import { formatPrice } from '../format/price.ts';
import type { ChartStyle } from '../market/place.ts';
import { Band } from './band.ts';
import { type ChartTheme, faded } from './chart-theme.ts';
import type { Slot } from './slots.ts';

export type Point = SeriesDataItemTypeMap<UTCTimestamp>[SeriesType];

/** A series on the chart, and how an hour becomes a point of it. */
export interface Plot {
  readonly series: ISeriesApi<SeriesType>;
  readonly point: (slot: Slot) => Point;
}

/** A feature to draw: `index` is its place in a row's values. */
export interface Feature {
  readonly column: Column;
  readonly index: number;
}

/** A coin to compare with: its close at an hour, by what is known when it is asked. */
export interface Compared {
  readonly coin: string;
  readonly label: string;
  readonly closeAt: (ts: number) => number | undefined;
}

const timeOf = ({ ts }: Slot): UTCTimestamp => (ts / 1000) as UTCTimestamp;

/** How strongly the hour in progress is drawn. */
const PROVISIONAL = 0.45;

const quiet = { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false } as const;

/** The price itself. The hour in progress is drawn hollow: it is provisional. */
export function pricePlot(chart: IChartApi, style: ChartStyle, theme: ChartTheme, decimals: number): Plot {
  const priceFormat = {
    type: 'custom',
    minMove: 10 ** -decimals,
    formatter: (price: number) => formatPrice(price, decimals),
  } as const;
  if (style === 'line') {
    const series = chart.addSeries(AreaSeries, {
      priceFormat,
      lineWidth: 2,
      lineColor: theme.up,
      topColor: faded(theme.up, 0.22),
      bottomColor: faded(theme.up, 0),
    });
    return { series, point: (slot) => areaPoint(slot, theme) };
  }
  const { up, down } = theme;
  const series = chart.addSeries(CandlestickSeries, {
    priceFormat,
    ...{ upColor: up, borderUpColor: up, wickUpColor: up },
    ...{ downColor: down, borderDownColor: down, wickDownColor: down },
  });
  return { series, point: (slot) => candle(slot, theme) };
}

function areaPoint(slot: Slot, theme: ChartTheme): Point {
  const { row } = slot;
  const time = timeOf(slot);
  if (row === undefined) return { time };
  if (row.final) return { time, value: row.price };
  return { time, value: row.price, lineColor: faded(theme.up, PROVISIONAL), topColor: faded(theme.up, 0.08) };
}

const comparedSeries = (chart: IChartApi, title: string, color: string): ISeriesApi<'Line'> =>
  chart.addSeries(LineSeries, {
    ...{ title, color, lineWidth: 2, priceLineVisible: false },
    priceFormat: { type: 'price', minMove: 1e-12, precision: 12 },
  });

/** The chart's own coin where others are beside it: the scale shows how far each has come from the left edge. */
export function mainPlot(chart: IChartApi, label: string, colour: string): Plot {
  const point = (slot: Slot): Point => {
    if (slot.row === undefined) return { time: timeOf(slot) };
    const { price: value, final } = slot.row;
    return { time: timeOf(slot), value, ...(!final && { color: faded(colour, PROVISIONAL) }) };
  };
  return { series: comparedSeries(chart, label, colour), point };
}

/** A coin beside it. */
export function comparedPlot(chart: IChartApi, { label, closeAt }: Compared, colour: string): Plot {
  return {
    series: comparedSeries(chart, label, colour),
    point: (slot) => {
      const value = closeAt(slot.ts);
      return value === undefined ? { time: timeOf(slot) } : { time: timeOf(slot), value };
    },
  };
}

function candle(slot: Slot, theme: ChartTheme): Point {
  const { row } = slot;
  const time = timeOf(slot);
  if (row === undefined) return { time };
  const { price } = row;
  const bar = { time, open: row.open ?? price, high: row.high ?? price, low: row.low ?? price, close: price };
  if (row.final) return bar;
  const colour = bar.close >= bar.open ? theme.up : theme.down;
  return { ...bar, color: faded(colour, 0.18), borderColor: colour, wickColor: faded(colour, 0.6) };
}

/** A feature in the price's own unit, over the price. */
export function overlayPlot(chart: IChartApi, feature: Feature, colour: string): Plot {
  const series = chart.addSeries(LineSeries, { ...quiet, color: colour, lineWidth: 2, priceFormat: { type: 'price' } });
  return { series, point: linePoint(feature, colour) };
}

/** A feature in a pane of its own: changes as bars, others as a line, deviations with their band of ±2σ. */
export function panePlot(chart: IChartApi, pane: number, feature: Feature, theme: ChartTheme): Plot {
  const { column, index } = feature;
  const priceFormat = {
    type: 'custom',
    minMove: 0.0001,
    formatter: (value: number) => formatFigure(column, value, 1),
  } as const;
  if (column.unit === 'change') {
    const series = chart.addSeries(HistogramSeries, { ...quiet, priceFormat, base: 0 }, pane);
    const point = (slot: Slot): Point => {
      const value = slot.row?.values[index] ?? null;
      if (value === null) return { time: timeOf(slot) };
      return {
        time: timeOf(slot),
        value,
        color: faded(value < 0 ? theme.down : theme.up, slot.row?.final ? 0.75 : 0.35),
      };
    };
    return { series, point };
  }
  const series = chart.addSeries(LineSeries, { ...quiet, priceFormat, color: theme.pane, lineWidth: 1 }, pane);
  if (column.unit === 'standard deviations') {
    series.attachPrimitive(new Band(-2, 2, faded(theme.crosshair, 0.12)));
    for (const price of [2, -2])
      series.createPriceLine({
        price,
        color: faded(theme.crosshair, 0.55),
        lineStyle: LineStyle.Dashed,
        lineWidth: 1,
        axisLabelVisible: false,
        title: `${price > 0 ? '+' : '−'}2σ`,
      });
  }
  return { series, point: linePoint(feature, theme.pane) };
}

const linePoint =
  ({ index }: Feature, colour: string) =>
  (slot: Slot): Point => {
    const value = slot.row?.values[index] ?? null;
    if (value === null) return { time: timeOf(slot) };
    return { time: timeOf(slot), value, ...(slot.row?.final === false && { color: faded(colour, PROVISIONAL) }) };
  };
