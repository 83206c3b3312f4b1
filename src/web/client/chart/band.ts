import type {
  IPrimitivePaneRenderer,
  ISeriesApi,
  ISeriesPrimitive,
  PrimitivePaneViewZOrder,
  SeriesAttachedParameter,
  SeriesType,
  Time,
} from 'lightweight-charts';

/** Shades what lies between two values of a series, across the pane and behind everything in it. */
export class Band implements ISeriesPrimitive {
  readonly #from: number;
  readonly #to: number;
  readonly #colour: string;
  #series: ISeriesApi<SeriesType> | undefined;

  constructor(from: number, to: number, colour: string) {
    this.#from = from;
    this.#to = to;
    this.#colour = colour;
  }

  attached({ series }: SeriesAttachedParameter<Time>): void {
    this.#series = series;
  }

  detached(): void {
    this.#series = undefined;
  }

  paneViews(): readonly { zOrder(): PrimitivePaneViewZOrder; renderer(): IPrimitivePaneRenderer }[] {
    return [{ zOrder: () => 'bottom', renderer: () => ({ draw: (target) => this.#draw(target) }) }];
  }

  #draw(target: Parameters<IPrimitivePaneRenderer['draw']>[0]): void {
    const [top, bottom] = [this.#series?.priceToCoordinate(this.#to), this.#series?.priceToCoordinate(this.#from)];
    if (top == null || bottom == null) return;
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.fillStyle = this.#colour;
      context.fillRect(0, top, mediaSize.width, bottom - top);
    });
  }
}
