import type { ITimeScaleApi, Time } from 'lightweight-charts';
import type { ChartRange } from '../market/place.ts';

const hoursOf: Readonly<Record<'24h' | '3d' | '7d', number>> = { '24h': 24, '3d': 72, '7d': 168 };
const LEAST_HOURS = 12;

/** A stretch of the axis, in hours from the first that is drawn. */
export interface SightRange {
  readonly from: number;
  readonly to: number;
}

/** What of a chart's hours is in sight. */
export class Sight {
  readonly #scale: ITimeScaleApi<Time>;
  #moved: SightRange | undefined;

  constructor(scale: ITimeScaleApi<Time>) {
    this.#scale = scale;
  }

  /** Null before there is anything to see. */
  get range(): SightRange | null {
    return this.#scale.getVisibleLogicalRange();
  }

  set(range: SightRange): void {
    this.#scale.setVisibleLogicalRange(range);
  }

  /** Brings that range in sight, of so many hours. */
  show(range: ChartRange, count: number): void {
    if (range === 'custom' || count === 0) return;
    const hours = range === 'all' ? count : hoursOf[range];
    const shown = Math.max(LEAST_HOURS, Math.min(hours, count));
    this.set({ from: count - shown - Math.max(1, shown * 0.025), to: count + 1 });
  }

  /** Moves by that many hours, or zooms by that factor around the newest in sight. */
  move(hours: number, factor: number): void {
    // A range that was set is in sight with the next frame; keys may come faster.
    const range = this.#moved ?? this.range;
    if (range === null) return;
    const width = Math.max(LEAST_HOURS / 2, (range.to - range.from) * factor);
    this.#moved = { from: range.to + hours - width, to: range.to + hours };
    this.set(this.#moved);
  }

  /** Calls back when another range is in sight; the result ends it. */
  listen(listener: (range: SightRange | undefined) => void): () => void {
    const handler = (range: SightRange | null): void => {
      this.#moved = undefined;
      listener(range ?? undefined);
    };
    this.#scale.subscribeVisibleLogicalRangeChange(handler);
    return () => this.#scale.unsubscribeVisibleLogicalRangeChange(handler);
  }
}
