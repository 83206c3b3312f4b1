/** One entry of a folder. */
export interface DiskEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly size: number;
  /** When it was last written: milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/**
 * The file system as the lake uses it. Nothing is durable before it is synced: a file's bytes by a sync of the file, its
 * name by a sync of the folder. Rejects with `disk-full` or `disk-unwritable`.
 */
export interface Disk {
  /** Creates the file, or replaces what it holds. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds bytes to the end of a file that is there. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Makes a file's bytes, or the names in a folder, durable. */
  sync(path: string): Promise<void>;
  /** Gives the file a second name. False where that name is taken: of several who try, one succeeds. */
  link(from: string, to: string): Promise<boolean>;
  /** Gives the file another name, in place of whatever had it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; one that is not there is none the less gone. */
  remove(path: string): Promise<void>;
  /** Creates one folder in a folder that is there; false where it is there already. */
  makeFolder(path: string): Promise<boolean>;
  /** A file's bytes; undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The bytes `[start, end)` of a file, as far as it has them; undefined where there is no such file. */
  readPart(path: string, start: number, end: number): Promise<Uint8Array | undefined>;
  /** What a folder holds, in no order; nothing where there is no such folder. */
  list(path: string): Promise<readonly DiskEntry[]>;
}
