import { join } from 'node:path';
import type { LakeDisk } from '../disk/lake-disk.ts';
import type { Action } from './actions.ts';
import { encodeCommit } from './commit-file.ts';
import { lastCheckpoint } from './last-checkpoint.ts';
import { commitName, LOG_FOLDER } from './log-names.ts';
import { readLog, readOn } from './read-log.ts';
import { Replay, type Snapshot } from './snapshot.ts';
import { UncommittedFiles } from './uncommitted-files.ts';
import { CHECKPOINT_INTERVAL, writeCheckpoint } from './write-checkpoint.ts';

export interface DeltaTableOptions {
  readonly disk: LakeDisk;
  /** The table's folder, absolute. */
  readonly folder: string;
  readonly now: () => number;
  /** How long a file outlives its removal. */
  readonly retentionMs: number;
}

/** What a version came from, for those who look at the history ("Commit Provenance Information"). */
export interface Provenance {
  readonly operation: string;
  readonly operationParameters?: Readonly<Record<string, string>>;
}

/**
 * One Delta table: its state as of the last look, and commits on top of that state. Any number of programs may do the
 * same: a version is given to one of them. After an error the state is in doubt: open the table anew.
 */
export class DeltaTable {
  readonly options: DeltaTableOptions;
  readonly uncommitted: UncommittedFiles;
  #replay: Replay;

  private constructor(options: DeltaTableOptions, uncommitted: UncommittedFiles, replay: Replay) {
    this.options = options;
    this.uncommitted = uncommitted;
    this.#replay = replay;
  }

  /**
   * Reads the table's log. A table that is not there yet has version -1: its first commit makes it. `uncommitted`: what was
   * left of it before.
   */
  static async open(
    options: DeltaTableOptions,
    uncommitted: UncommittedFiles = new UncommittedFiles(options),
  ): Promise<DeltaTable> {
    const replay = await readLog(options.disk.disk, options.folder);
    return new DeltaTable(options, uncommitted, replay ?? new Replay());
  }

  get snapshot(): Snapshot {
    return this.#replay;
  }

  /** Takes in what others have committed since. */
  async refresh(): Promise<void> {
    const { disk, folder } = this.options;
    // Versions from before a checkpoint may be cleaned up: whoever slept through them begins anew.
    if (await this.#isLeftBehind()) this.#replay = (await readLog(disk.disk, folder)) ?? new Replay();
    else await readOn(disk.disk, folder, this.#replay);
  }

  /**
   * Makes the actions the next version; the data files must be durable before. Its file is linked into place, which one of
   * several writers can do (protocol, "Delta Log Entries": a version is never overwritten). False where the version is
   * another's: {@link refresh}, and see whether the actions still hold.
   */
  async commit(actions: readonly Action[], provenance: Provenance): Promise<boolean> {
    const { disk, folder, now } = this.options;
    const version = this.#replay.version + 1;
    const commitInfo = { timestamp: now(), engineInfo: 'crypto-pulse', ...provenance };
    const path = join(folder, LOG_FOLDER, commitName(version));
    if (await this.#isLeftBehind()) return false;
    if (!(await disk.createExclusively(path, encodeCommit([{ commitInfo }, ...actions])))) return false;
    this.#replay.apply(version, actions);
    this.uncommitted.committed(actions);
    if (version > 0 && version % CHECKPOINT_INTERVAL === 0) await this.#checkpoint();
    return true;
  }

  /** Whether there is a checkpoint of a version that was not seen: the next version's name may be free again, and long taken. */
  async #isLeftBehind(): Promise<boolean> {
    const { disk, folder } = this.options;
    return (await lastCheckpoint(disk.disk, folder)) > this.#replay.version;
  }

  #checkpoint(): Promise<void> {
    const { disk, folder, now, retentionMs } = this.options;
    this.#replay.forgetRemoved(now() - retentionMs);
    return writeCheckpoint(disk, folder, this.#replay);
  }
}
