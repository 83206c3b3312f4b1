import type { LogRecord } from '../log/record.ts';

/** What a task makes of its records, for whoever merges it: a line of text by its key. */
export interface PartialRow {
  readonly key: string;
  readonly line: string;
}

/** The work on the records of one task between two commits. */
export interface TaskWork {
  add(record: LogRecord): void;
  /** What came of the records so far; none is kept. */
  commit(): readonly PartialRow[];
}

/** Merges the lines of all tasks, in whatever order, into those of the result. */
export interface Merge {
  add(line: string): void;
  lines(): readonly string[];
}
