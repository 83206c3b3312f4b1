import { PulseError } from '../../../errors.ts';
import { groupBy } from '../group-by.ts';
import type { AddFile } from '../delta/actions.ts';
import type { DeltaTable } from '../delta/delta-table.ts';
import { parseStatistics } from '../delta/file-statistics.ts';
import type { RowChange } from './row-change.ts';

/** A calendar month in UTC, such as `2023-12`; months compare as text. */
export type Month = string;

export const monthOf = (ts: number): Month => new Date(ts).toISOString().slice(0, 7);

/** A live file of one coin, and the hours that it spans. */
interface HourlyFile {
  readonly add: AddFile;
  readonly first: number;
  readonly last: number;
}

/** Changes of one coin, with the files that hold rows of the same months. */
export interface HourlyPart {
  readonly coinId: string;
  readonly files: readonly AddFile[];
  readonly changes: ReadonlyMap<number, RowChange>;
}

/** Which live file holds which hours, by the statistics in the log. */
export class HourlyFiles {
  readonly #delta: DeltaTable;
  readonly #parsed = new WeakMap<AddFile, HourlyFile>();
  #coins: ReadonlyMap<string, readonly HourlyFile[]> = new Map();
  #version = NaN;

  constructor(delta: DeltaTable) {
    this.#delta = delta;
  }

  /** Whether the table may have a row of that hour; false is certain. */
  mayHold(coinId: string, ts: number): boolean {
    return this.#filesOf(coinId).some(({ first, last }) => first <= ts && ts <= last);
  }

  /** The changes by month; all in one part where a file spans several months, as one does that others have put together. */
  parts(coinId: string, changes: ReadonlyMap<number, RowChange>): readonly HourlyPart[] {
    const months = groupBy(changes, ([ts]) => monthOf(ts));
    const files = this.#filesOf(coinId);
    const ofMonth = (month: Month): readonly HourlyFile[] =>
      files.filter(({ first, last }) => monthOf(first) <= month && month <= monthOf(last));
    const touched = new Set([...months.keys()].flatMap(ofMonth));
    const part = (found: Iterable<HourlyFile>, its: ReadonlyMap<number, RowChange>): HourlyPart => ({
      coinId,
      files: [...found].map(({ add }) => add),
      changes: its,
    });
    if ([...touched].some(({ first, last }) => monthOf(first) !== monthOf(last))) return [part(touched, changes)];
    return [...months].map(([month, entries]) => part(ofMonth(month), new Map(entries)));
  }

  #filesOf(coinId: string): readonly HourlyFile[] {
    const { snapshot } = this.#delta;
    if (snapshot.version !== this.#version) {
      const files = [...snapshot.files.values()].map((add) => this.#parse(add));
      this.#coins = groupBy(files, ({ add }) => add.partitionValues.coin_id ?? '');
      this.#version = snapshot.version;
    }
    return this.#coins.get(coinId) ?? [];
  }

  #parse(add: AddFile): HourlyFile {
    const known = this.#parsed.get(add);
    if (known !== undefined) return known;
    const { minValues, maxValues } = parseStatistics(add.path, add.stats);
    const parsed = { add, first: Date.parse(String(minValues.ts)), last: Date.parse(String(maxValues.ts)) };
    // Its hours would be taken for absent, and be written once more beside it.
    if (Number.isNaN(parsed.first + parsed.last))
      throw new PulseError('table-corrupt', `the log of the table does not say which hours are in ${add.path}`);
    this.#parsed.set(add, parsed);
    return parsed;
  }
}
