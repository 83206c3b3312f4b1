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
import type { ChartRange, ChartScale } from '../market/place.ts';
import { themeOptions } from './chart-theme.ts';
import type { Plot } from './plots.ts';
import { type ChartSetup, plotsOf } from './setup.ts';
import { Sight, type SightRange } from './sight.ts';
import { placeRows, slotsOf } from './slots.ts';
import { timeAxisOptions } from './time-axis.ts';

const HOUR_MS = 3_600_000;
/** A chart's cost follows its points: those of all its series together. */
const MAX_POINTS = 10_000;
/** So many hours may come before the oldest go. */
const ROOM_HOURS = 24;
const modes: Readonly<Record<ChartScale, PriceScaleMode>> = {
  linear: PriceScaleMode.Normal,
  log: PriceScaleMode.Logarithmic,
  percent: PriceScaleMode.Percentage,
};

/** The chart of one coin. Nothing here but {@link PriceChart.show} and the person at it moves what is in sight. */
export class PriceChart {
  readonly #chart: IChartApi;
  readonly #sight: Sight;
  #plots: readonly Plot[] = [];
  #compared: readonly Plot[] = [];
  #markers: ISeriesMarkersPluginApi<Time> | undefined;
  #setup: ChartSetup;
  #first = Infinity;
  #last = -Infinity;
  #count = 0;

  constructor(container: HTMLElement, setup: ChartSetup) {
    this.#setup = setup;
    this.#chart = createChart(container, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: false } },
      rightPriceScale: { borderVisible: false, minimumWidth: 68, scaleMargins: { top: 0.16, bottom: 0.06 } },
      timeScale: { borderVisible: false, timeVisible: true, minBarSpacing: 0.3 },
      handleScroll: { vertTouchDrag: false },
    });
    this.#sight = new Sight(this.#chart.timeScale());
  }

  /** Draws these hours in place of all others, the newest of them where they are too many. What is in sight stays. */
  reset(rows: readonly HistoryRow[]): void {
    const [inSight, first] = [this.#sight.range, this.#first];
    const slots = slotsOf(rows, this.#limit - ROOM_HOURS);
    for (const { series, point } of this.#plots) series.setData(slots.map(point));
    this.#first = slots[0]?.ts ?? Infinity;
    this.#last = slots.at(-1)?.ts ?? -Infinity;
    this.#count = slots.length;
    const shift = (this.#first - first) / HOUR_MS;
    if (inSight !== null && Number.isFinite(shift) && shift !== 0)
      this.#sight.set({ from: inSight.from - shift, to: inSight.to - shift });
  }

  /** Takes in changed hours; false where they can't be and a reset is due. */
  update(rows: readonly HistoryRow[]): boolean {
    const placed = placeRows(rows, { first: this.#first, last: this.#last, limit: this.#limit });
    if (placed.kind === 'anew') return false;
    for (const { series, point } of this.#plots) {
      for (const slot of placed.within) series.update(point(slot), slot.ts < this.#last);
      for (const slot of placed.behind) series.update(point(slot));
    }
    this.#last = placed.behind.at(-1)?.ts ?? this.#last;
    this.#count += placed.behind.length;
    return true;
  }

  /** Looks again at what the compared coins were at these hours. */
  updateCompared(hours: readonly number[]): void {
    for (const ts of hours) {
      if (ts < this.#first || ts > this.#last) continue;
      for (const { series, point } of this.#compared) series.update(point({ ts, row: undefined }), ts < this.#last);
    }
  }

  /** Makes the chart so, from its series up; a reset is due then. */
  arrange(setup: ChartSetup): void {
    const inSight = this.#sight.range;
    this.#setup = setup;
    for (const { series } of this.#plots) this.#chart.removeSeries(series);
    this.#chart.applyOptions({ ...themeOptions(setup.theme), ...timeAxisOptions(setup.zone) });
    const { price, overlays, compared, panes } = plotsOf(this.#chart, setup);
    this.#compared = compared;
    this.#plots = [price, ...overlays, ...compared, ...panes];
    price.series.priceScale().applyOptions({ mode: modes[compared.length > 0 ? 'percent' : setup.scale] });
    // The pane's name and figure stand above its line.
    const scaleMargins = { top: 0.3, bottom: 0.08 };
    for (const { series } of panes) series.priceScale().applyOptions({ mode: PriceScaleMode.Normal, scaleMargins });
    this.#chart.panes().forEach((pane, i) => pane.setStretchFactor(i === 0 ? 2 + panes.length : 1));
    this.#markers = createSeriesMarkers(price.series, []);
    if (inSight !== null && this.#count > 0) this.#sight.set(inSight);
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

  /** Brings that range in sight. */
  show(range: ChartRange): void {
    this.#sight.show(range, this.#count);
  }

  /** Moves by that many hours, or zooms by that factor around the newest in sight. */
  move(hours: number, factor = 1): void {
    this.#sight.move(hours, factor);
  }

  /** Calls back with the hour under the crosshair, undefined where there is none; the result ends it. */
  onHover(hover: (ts: number | undefined) => void): () => void {
    const handler = ({ time }: { time?: unknown }): void => hover(typeof time === 'number' ? time * 1000 : undefined);
    this.#chart.subscribeCrosshairMove(handler);
    return () => this.#chart.unsubscribeCrosshairMove(handler);
  }

  /** Calls back with what is in sight, in hours of the axis; the result ends it. */
  onSight(sight: (range: SightRange | undefined) => void): () => void {
    return this.#sight.listen(sight);
  }

  /** The first hour that is drawn at that place of the axis or right of it; undefined without hours. */
  hourAt(place: number): number | undefined {
    if (this.#count === 0) return undefined;
    return this.#first + Math.min(this.#count - 1, Math.max(0, Math.ceil(place))) * HOUR_MS;
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

  /** How many hours are drawn. */
  get count(): number {
    return this.#count;
  }

  /** How many points: those of every series. */
  get points(): number {
    return this.#count * this.#plots.length;
  }

  /** How many hours it may hold. */
  get #limit(): number {
    return Math.floor(MAX_POINTS / Math.max(1, this.#plots.length));
  }

  destroy(): void {
    this.#chart.remove();
  }
}
