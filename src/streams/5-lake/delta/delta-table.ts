import { join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import type { LakeDisk } from '../disk/lake-disk.ts';
import type { Action } from './actions.ts';
import { encodeCommit } from './commit-file.ts';
import { lastCheckpoint } from './last-checkpoint.ts';
import { checkpointName, commitName, LOG_FOLDER } from './log-names.ts';
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
  /** How the version's commit begins; undefined where there is a checkpoint alone. */
  #head: string | undefined;

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
    const table = new DeltaTable(options, uncommitted, new Replay());
    await table.#readWhole();
    return table;
  }

  get snapshot(): Snapshot {
    return this.#replay;
  }

  /** Takes in what others have committed since. */
  async refresh(): Promise<void> {
    const { disk, folder } = this.options;
    if (await this.#isLeftBehind()) return this.#readWhole();
    const { version } = this.#replay;
    await readOn(disk.disk, folder, this.#replay);
    if (this.#replay.version > version) this.#head = await this.#headOf(this.#replay.version);
  }

  /**
   * Makes the actions the next version; the data files must be durable before. Its file is linked into place, which one of
   * several writers can do (protocol, "Delta Log Entries": a version is never overwritten). False where the version is
   * another's: {@link refresh}, and see whether the actions still hold. Throws `table-mismatch` where another table lies in
   * the folder by now: no version of it follows from what was read.
   */
  async commit(actions: readonly Action[], provenance: Provenance): Promise<boolean> {
    const { disk, folder, now } = this.options;
    const version = this.#replay.version + 1;
    const commitInfo = { timestamp: now(), engineInfo: 'crypto-pulse', ...provenance };
    const path = join(folder, LOG_FOLDER, commitName(version));
    if (await this.#isLeftBehind()) return false;
    const bytes = encodeCommit([{ commitInfo }, ...actions]);
    if (!(await disk.createExclusively(path, bytes))) return false;
    if (!(await this.#follows(version))) {
      // Nobody has read it: the versions before it are not there.
      await disk.disk.remove(path);
      throw this.#replaced();
    }
    this.#replay.apply(version, actions);
    this.#head = headOf(bytes);
    this.uncommitted.committed(actions);
    if (version > 0 && version % CHECKPOINT_INTERVAL === 0) await this.#checkpoint();
    return true;
  }

  /**
   * Whether versions may have come and been cleaned up that were not seen: the next version's name may be free again, and
   * long taken. `_last_checkpoint` tells of a newer checkpoint; where a slow writer has set it back, or another table lies
   * there by now, the version seen last is gone, or another one.
   */
  async #isLeftBehind(): Promise<boolean> {
    const { disk, folder } = this.options;
    const { version } = this.#replay;
    if ((await lastCheckpoint(disk.disk, folder)) > version) return true;
    return this.#head !== undefined && (await this.#headOf(version)) !== this.#head;
  }

  async #readWhole(): Promise<void> {
    const { disk, folder } = this.options;
    const replay = (await readLog(disk.disk, folder)) ?? new Replay();
    const { version, metaData } = this.#replay;
    if (replay.version < version || (metaData && metaData.id !== replay.metaData?.id)) throw this.#replaced();
    this.#replay = replay;
    this.#head = await this.#headOf(replay.version);
  }

  /** Whether the version before that one is there, in one of its two forms. */
  async #follows(version: number): Promise<boolean> {
    const before = version - 1;
    const names = [commitName(before), checkpointName(before)];
    for (const name of before < 0 ? [] : names) if ((await this.#read(name, 1)) !== undefined) return true;
    return before < 0;
  }

  async #headOf(version: number): Promise<string | undefined> {
    const bytes = await this.#read(commitName(version), HEAD_BYTES);
    return bytes && headOf(bytes);
  }

  /** The beginning of a file of the log. */
  #read(name: string, bytes: number): Promise<Uint8Array | undefined> {
    const { disk, folder } = this.options;
    return disk.disk.readPart(join(folder, LOG_FOLDER, name), 0, bytes);
  }

  #replaced(): PulseError {
    const { folder } = this.options;
    const fact = `the folder ${folder} was moved, removed or replaced while it was written`;
    return new PulseError('table-mismatch', `${fact}: its version ${this.#replay.version} is not there any more`);
  }

  #checkpoint(): Promise<void> {
    const { disk, folder, now, retentionMs } = this.options;
    this.#replay.forgetRemoved(now() - retentionMs);
    return writeCheckpoint(disk, folder, this.#replay);
  }
}

/** No two commits have these in common: they hold the time, and the names of files. */
const HEAD_BYTES = 1_024;

const headOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
