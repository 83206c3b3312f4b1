import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'read_delta.py');

export type LakeRow = Readonly<Record<string, unknown>>;

const read = (...args: readonly string[]): unknown =>
  JSON.parse(execFileSync(inject('lakePython'), [SCRIPT, ...args], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }));

/** The newest version's rows, by each of these readers. */
export const readCurrent = (folder: string, readers: readonly string[]) =>
  read('current', folder, ...readers) as Readonly<Record<string, readonly LakeRow[]>>;

/** A plain file's rows, by every reader. */
export const readPlain = (path: string) => read('plain', path) as Readonly<Record<string, readonly LakeRow[]>>;

/** The versions of transactions, by delta-rs. */
export const readTransactions = (folder: string, apps: readonly string[]) =>
  read('position', folder, ...apps) as Readonly<Record<string, number | null>>;

/** Whether each row group of a file has extremes of a column, by DuckDB. */
export const readSkips = (path: string, columns: readonly string[]) =>
  read('skips', path, ...columns) as readonly {
    readonly name: string;
    readonly groups: number;
    readonly least: number;
    readonly most: number;
    readonly codec: string;
  }[];

/** How many of a file's row groups DuckDB reads to sum a column of the rows that each condition holds of. */
export const readScanned = (path: string, column: string, conditions: readonly string[]) =>
  read('scanned', path, column, ...conditions) as readonly {
    readonly scanned: number;
    readonly groups: number;
    readonly rows: number;
  }[];

/** What DuckDB answers to a statement that is run in a folder. */
export const runDuckDb = (folder: string, statement: string) => read('run', folder, statement) as readonly LakeRow[];

/** Each live file of an hourly table, by delta-rs. */
export const readSpans = (folder: string) =>
  read('spans', folder) as readonly {
    readonly coin: string;
    readonly first: string;
    readonly last: string;
    readonly rows: number;
  }[];
