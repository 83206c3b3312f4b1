import { join } from 'node:path';
import type { LakeDisk } from '../disk/lake-disk.ts';
import type { Action } from './actions.ts';
import { diskPath } from './partition-path.ts';
import { readLog } from './read-log.ts';

/** Where they lie: a table's folder, absolute. */
interface Place {
  readonly disk: LakeDisk;
  readonly folder: string;
}

/**
 * The data files that this process has written for a table and that no commit of its own has named. Vacuum would leave them
 * for the retention: on a full disk, those of every further try would fill what is freed.
 */
export class UncommittedFiles {
  readonly #place: Place;
  /** Their paths, as the log would write them. */
  readonly #paths = new Set<string>();

  constructor(place: Place) {
    this.#place = place;
  }

  /** Takes note of a file that is about to be written. */
  note(path: string): void {
    this.#paths.add(path);
  }

  /** Takes note of a commit: what it has named is the table's. */
  committed(actions: readonly Action[]): void {
    for (const { add } of actions) if (add != null) this.#paths.delete(add.path);
  }

  /**
   * Removes those that no version names; to be called while nothing of them is being written or committed. A commit that was
   * told to have failed may have come about all the same: the log on the disk says so. Where it can't be read, they stay
   * for the next call.
   */
  async remove(): Promise<void> {
    if (this.#paths.size === 0) return;
    const { disk, folder } = this.#place;
    const table = await readLog(disk.disk, folder);
    for (const path of [...this.#paths]) {
      const isNamed = table !== undefined && (table.files.has(path) || table.tombstones.has(path));
      if (!isNamed) await disk.disk.remove(join(folder, diskPath(path)));
      this.#paths.delete(path);
    }
  }
}
