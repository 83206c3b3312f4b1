import { Subject } from 'rxjs';
import { encodePartial, decodePartial } from '../3-silver/hour-json.ts';
import { type HourFold, hourMerge } from '../3-silver/hour-merge.ts';
import { createQuoteParser } from '../3-silver/parse-quote.ts';
import { combineQuotes } from '../pipeline.ts';
import type { Merge, PartialRow, TaskWork } from './task-work.ts';

const FUTURE_TOLERANCE_MS = 300_000;

/** Stage 1 as it is: quotes are parsed, and joined into one partial per coin and hour. */
export function aggregateWork(): TaskWork {
  const records = new Subject<Parameters<TaskWork['add']>[0]>();
  const commit = new Subject<void>();
  let rows: PartialRow[] = [];
  records
    .pipe(
      combineQuotes(
        {
          parse: createQuoteParser({ futureToleranceMs: FUTURE_TOLERANCE_MS }),
          counts: { records: 0, ticks: 0, no_quote: 0, dead_letters: 0 },
          toPartial: ({ partial }) => ({ topic: '', partition: 0, key: partial.coinId, value: encodePartial(partial) }),
          toDeadLetter: ({ error }) => {
            throw new Error(`a simulated quote is refused: ${error}`);
          },
        },
        commit,
      ),
    )
    .subscribe(({ key, value }) => rows.push({ key: String(key), line: String(value) }));
  return {
    add: (record) => records.next(record),
    commit() {
      commit.next();
      const done = rows;
      rows = [];
      return done;
    },
  };
}

/** Stage 2's part: the partials of a coin and hour become one. */
export function aggregateMerge(): Merge {
  const hours = new Map<string, HourFold & { readonly coinId: string }>();
  return {
    add(line) {
      const partial = decodePartial(Buffer.from(line));
      const key = `${partial.coinId}|${partial.ts}`;
      const known = hours.get(key);
      if (known === undefined) hours.set(key, { ...partial });
      else hourMerge.combine(known, partial);
    },
    lines: () => [...hours.values()].map(encodePartial),
  };
}
