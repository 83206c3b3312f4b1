import { parseRfc3339 } from '../../rfc3339.ts';
import type { LogRecord } from '../../log/record.ts';

/** When the first and the last quote of a history were seen, milliseconds since the epoch. */
export interface HistoryExtent {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the extent of the quotes that it is told. What does not say when it was seen counts only where nothing does: else the moment of
 * an append would stretch years of a recording up to the present.
 */
export class ExtentFinder {
  readonly #seen = new Extent();
  readonly #appended = new Extent();

  add(record: LogRecord): void {
    const header = record.header('observed_at');
    const at = header && parseRfc3339(header);
    if (at === undefined) this.#appended.add(record.timestamp);
    else this.#seen.add(at);
  }

  /** Undefined where there were none. */
  get extent(): HistoryExtent | undefined {
    return this.#seen.value ?? this.#appended.value;
  }
}

class Extent {
  #from = Infinity;
  #to = -Infinity;

  add(time: number): void {
    if (time < this.#from) this.#from = time;
    if (time > this.#to) this.#to = time;
  }

  get value(): HistoryExtent | undefined {
    return this.#from > this.#to ? undefined : { from: this.#from, to: this.#to };
  }
}
