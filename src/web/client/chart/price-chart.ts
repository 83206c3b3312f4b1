import {
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesMarkersPluginApi,
  PriceScaleMode,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { HistoryRow } from '../../contract.ts';
import type { Zone } from '../format/time.ts';
import type { ChartRange, ChartScale, ChartStyle } from '../shell/place.ts';
import { type ChartTheme, themeOptions } from './chart-theme.ts';
import { type Feature, overlayPlot, panePlot, type Plot, pricePlot } from './plots.ts';
import { placeRows, slotsOf } from './slots.ts';
import { timeAxisOptions } from './time-axis.ts';

export interface ChartSetup {
  readonly style: ChartStyle;
  readonly scale: ChartScale;
  readonly decimals: number;
  readonly overlays: readonly Feature[];
  readonly panes: readonly Feature[];
  readonly theme: ChartTheme;
  readonly zone: Zone;
}

const hoursOf: Readonly<Record<'24h' | '3d' | '7d', number>> = { '24h': 24, '3d': 72, '7d': 168 };
const LEAST_HOURS = 12;
const modes: Readonly<Record<ChartScale, PriceScaleMode>> = {
  linear: PriceScaleMode.Normal,
  log: PriceScaleMode.Logarithmic,
  percent: PriceScaleMode.Percentage,
};

/** The chart of one coin. Nothing here but {@link PriceChart.show} and the person at it moves what is in sight. */
export class PriceChart {
  readonly #chart: IChartApi;
  #plots: readonly Plot[] = [];
  #markers: ISeriesMarkersPluginApi<Time> | undefined;
  #setup: ChartSetup;
  #first = Infinity;
  #last = -Infinity;
  #count = 0;
  #moved: { readonly from: number; readonly to: number } | undefined;

  constructor(container: HTMLElement, setup: ChartSetup) {
    this.#setup = setup;
    this.#chart = createChart(container, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: false } },
      rightPriceScale: { borderVisible: false, minimumWidth: 68, scaleMargins: { top: 0.16, bottom: 0.06 } },
      timeScale: { borderVisible: false, timeVisible: true, minBarSpacing: 0.3 },
      handleScroll: { vertTouchDrag: false },
    });
  }

  /** Draws these hours in place of all others. What is in sight stays. */
  reset(rows: readonly HistoryRow[]): void {
    const slots = slotsOf(rows);
    for (const { series, point } of this.#plots) series.setData(slots.map(point));
    this.#first = slots[0]?.ts ?? Infinity;
    this.#last = slots.at(-1)?.ts ?? -Infinity;
    this.#count = slots.length;
  }

  /** Takes in changed hours; false where they can't be and a reset is due. */
  update(rows: readonly HistoryRow[]): boolean {
    const placed = placeRows(rows, this.#first, this.#last);
    if (placed.kind === 'anew') return false;
    for (const { series, point } of this.#plots) {
      for (const slot of placed.within) series.update(point(slot), slot.ts < this.#last);
      for (const slot of placed.behind) series.update(point(slot));
    }
    this.#last = placed.behind.at(-1)?.ts ?? this.#last;
    this.#count += placed.behind.length;
    return true;
  }

  /** Makes the chart so, from its series up; a reset is due then. */
  arrange(setup: ChartSetup): void {
    const inSight = this.#chart.timeScale().getVisibleLogicalRange();
    this.#setup = setup;
    for (const { series } of this.#plots) this.#chart.removeSeries(series);
    const { theme, overlays, panes } = setup;
    this.#chart.applyOptions({ ...themeOptions(theme), ...timeAxisOptions(setup.zone) });
    const price = pricePlot(this.#chart, setup.style, theme, setup.decimals);
    const colours = theme.lines;
    this.#plots = [
      price,
      ...overlays.map((feature, i) => overlayPlot(this.#chart, feature, colours[i % colours.length] ?? theme.up)),
      ...panes.map((feature, i) => panePlot(this.#chart, i + 1, feature, theme)),
    ];
    price.series.priceScale().applyOptions({ mode: modes[setup.scale] });
    for (const { series } of this.#plots.slice(1 + overlays.length))
      series.priceScale().applyOptions({ mode: PriceScaleMode.Normal });
    this.#chart.panes().forEach((pane, i) => pane.setStretchFactor(i === 0 ? 3 : 1));
    this.#markers = createSeriesMarkers(price.series, []);
    if (inSight !== null && this.#count > 0) this.#chart.timeScale().setVisibleLogicalRange(inSight);
  }

  /** Brings that range in sight. */
  show(range: ChartRange): void {
    if (range === 'custom' || this.#count === 0) return;
    const hours = range === 'all' ? this.#count : hoursOf[range];
    const shown = Math.max(LEAST_HOURS, Math.min(hours, this.#count));
    this.#chart
      .timeScale()
      .setVisibleLogicalRange({ from: this.#count - shown - Math.max(1, shown * 0.025), to: this.#count + 1 });
  }

  /** Marks hours that were corrected. */
  mark(hours: readonly number[]): void {
    const { theme } = this.#setup;
    this.#markers?.setMarkers(
      hours.map((ts) => ({
        time: (ts / 1000) as UTCTimestamp,
        position: 'aboveBar',
        shape: 'circle',
        size: 0.6,
        color: theme.lines[0] ?? theme.up,
      })),
    );
  }

  /** Moves by that many hours, or zooms by that factor around the newest in sight. */
  move(hours: number, factor = 1): void {
    const scale = this.#chart.timeScale();
    // A range that was set is in sight with the next frame; keys may come faster.
    const range = this.#moved ?? scale.getVisibleLogicalRange();
    if (range === null) return;
    const width = Math.max(LEAST_HOURS / 2, (range.to - range.from) * factor);
    this.#moved = { from: range.to + hours - width, to: range.to + hours };
    scale.setVisibleLogicalRange(this.#moved);
  }

  /** Calls back with the hour under the crosshair, undefined where there is none; the result ends it. */
  onHover(hover: (ts: number | undefined) => void): () => void {
    const handler = ({ time }: { time?: unknown }): void => hover(typeof time === 'number' ? time * 1000 : undefined);
    this.#chart.subscribeCrosshairMove(handler);
    return () => this.#chart.unsubscribeCrosshairMove(handler);
  }

  /** Calls back with what is in sight, in hours of the axis and in time; the result ends it. */
  onSight(sight: (range: { readonly from: number; readonly to: number } | undefined) => void): () => void {
    const scale = this.#chart.timeScale();
    const handler = (range: { from: number; to: number } | null): void => {
      this.#moved = undefined;
      sight(range ?? undefined);
    };
    scale.subscribeVisibleLogicalRangeChange(handler);
    return () => scale.unsubscribeVisibleLogicalRangeChange(handler);
  }

  /** Where each pane begins, in pixels from the top. */
  paneTops(): readonly number[] {
    let top = 0;
    return this.#chart.panes().map((pane) => {
      const at = top;
      top += pane.getHeight() + 1;
      return at;
    });
  }

  get count(): number {
    return this.#count;
  }

  destroy(): void {
    this.#chart.remove();
  }
}
