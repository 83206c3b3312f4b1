/** An ordered tuple: numbers sort before text, text by its UTF-8 bytes, a prefix before what it begins. */
export type ViewKey = readonly (string | number)[];

/** The entries with keys in `[from, to)`, ascending, or descending with `reverse`; all of them where a bound is absent. */
export interface ViewRange {
  readonly from?: ViewKey;
  readonly to?: ViewKey;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface ViewEntry<Value> {
  readonly key: ViewKey;
  readonly value: Value;
}

/** A named, ordered table of plain JSON values. Reads see every finished commit, and inside a commit its own writes. */
export interface ViewTable<Value> {
  get(key: ViewKey): Value | undefined;
  entries(range?: ViewRange): Iterable<ViewEntry<Value>>;
  /** Only inside {@link ViewStore.commit}. A key may hold about 1,900 bytes. */
  put(key: ViewKey, value: Value): void;
  /** Only inside {@link ViewStore.commit}. */
  remove(key: ViewKey): void;
}

/** What a view is of. A view of anything else, or in another format, is emptied at opening. */
export interface ViewIdentity {
  /** Of the log whose records it shows. */
  readonly log: string;
  readonly namespace: string;
  /** Of its tables and values. */
  readonly format: number;
  /** What its rows hold, where that can change without their format: rows that were read before lack what has come since. */
  readonly columns?: string;
}

/**
 * A materialised view and how far it has read its sources, written together: after a crash at any moment the rows are
 * those of the positions. It is a cache: it may be deleted at any time.
 */
export interface ViewStore {
  table<Value>(name: string): ViewTable<Value>;
  /** The next position to read of that source; undefined before the first {@link ViewStore.advance}. */
  position(source: string): number | undefined;
  /** Only inside {@link ViewStore.commit}. */
  advance(source: string, position: number): void;
  /** Runs the writes; all or nothing, visible when it resolves. Rejects with `disk-full` or `disk-unwritable`. */
  commit(write: () => void): Promise<void>;
  /** Empties every table and forgets every position. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}
