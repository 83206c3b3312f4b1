import { HOUR_MS, type HourMs } from '../time.ts';
import type { Column, HourWindow } from './hour-window.ts';

/**
 * A stretch of one coin's consecutive hours as columns, with a cursor that is an {@link HourWindow} on them.
 *
 * Dense columns make every look back an index, and one instance serves every coin of a task: a window over 72 hours is
 * read millions of times, and neither objects nor map look-ups stand in its way.
 */
export class DenseHours implements HourWindow {
  #first: HourMs = 0;
  #length = 0;
  #cursor = 0;
  #price = new Float64Array(256);
  #high = new Float64Array(256);
  #low = new Float64Array(256);
  #ret = new Float64Array(256);

  /** Empties the stretch and lets it span `[first, end)`. */
  reset(first: HourMs, end: HourMs): void {
    this.#first = first;
    this.#length = (end - first) / HOUR_MS;
    if (this.#length > this.#price.length) this.#grow(this.#length);
    this.#price.fill(NaN, 0, this.#length);
    this.#high.fill(NaN, 0, this.#length);
    this.#low.fill(NaN, 0, this.#length);
  }

  /** Puts an hour in; one outside the stretch is an error of the caller. */
  set(hour: HourMs, price: number, high: number, low: number): void {
    const index = (hour - this.#first) / HOUR_MS;
    this.#price[index] = price;
    this.#high[index] = high;
    this.#low[index] = low;
  }

  /** Computes the returns once every hour is in. */
  seal(): void {
    for (let i = 0; i < this.#length; i++) {
      const ret = i === 0 ? NaN : column(this.#price, i) / column(this.#price, i - 1) - 1;
      this.#ret[i] = Number.isFinite(ret) ? ret : NaN;
    }
  }

  /** Moves the cursor; the instance is returned as the window seen from that hour. */
  at(hour: HourMs): HourWindow {
    this.#cursor = (hour - this.#first) / HOUR_MS;
    return this;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get hour(): HourMs {
    return this.#first + this.#cursor * HOUR_MS;
  }

  price(ago: number): number {
    return column(this.#price, this.#cursor - ago);
  }

  high(ago: number): number {
    return column(this.#high, this.#cursor - ago);
  }

  low(ago: number): number {
    return column(this.#low, this.#cursor - ago);
  }

  ret(ago: number): number {
    return column(this.#ret, this.#cursor - ago);
  }

  values(column: Column): Float64Array {
    switch (column) {
      case 'price':
        return this.#price;
      case 'high':
        return this.#high;
      case 'low':
        return this.#low;
      case 'ret':
        return this.#ret;
    }
  }

  #grow(length: number): void {
    const capacity = 2 ** Math.ceil(Math.log2(length));
    this.#price = new Float64Array(capacity);
    this.#high = new Float64Array(capacity);
    this.#low = new Float64Array(capacity);
    this.#ret = new Float64Array(capacity);
  }
}

const column = (values: Float64Array, index: number): number => (index < 0 ? NaN : (values[index] ?? NaN));
