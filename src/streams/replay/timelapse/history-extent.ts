import { parseRfc3339Text } from '../../rfc3339.ts';
import type { History } from '../history.ts';
import { readHistory } from '../read-history.ts';

/** When the first and the last quote of a history were seen, milliseconds since the epoch. */
export interface HistoryExtent {
  readonly from: number;
  readonly to: number;
}

/**
 * Undefined where there are no quotes. All are looked at, their headers alone: a backfill, or a second recording, lies in the log
 * behind quotes that are newer. What does not say when it was seen counts only where nothing does: else the moment of
 * an append would stretch years of a recording up to the present.
 */
export async function historyExtent(history: History, partitions: number): Promise<HistoryExtent | undefined> {
  const [seen, appended] = [new Extent(), new Extent()];
  for (let partition = 0; partition < partitions; partition++)
    for await (const { records } of readHistory(history, partition, history.bounds(partition).start))
      for (const record of records) {
        const header = record.header('observed_at');
        const at = header && parseRfc3339Text(header.toString('latin1'));
        if (at === undefined) appended.add(record.timestamp);
        else seen.add(at);
      }
  return seen.value ?? appended.value;
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
