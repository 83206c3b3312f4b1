import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';

/** How the names begin of files that are being written under another name; a crash may leave some. */
export const ASIDE = '_aside_';

/** What the lake asks of a disk, done so that a crash at any moment leaves whole files under their names, or none. */
export class LakeDisk {
  readonly disk: Disk;
  readonly #base: string;
  readonly #newId: () => string;
  readonly #durableFolders = new Set<string>();

  /** `base` is a folder that is there; `newId` gives names that were never used before. */
  constructor(disk: Disk, base: string, newId: () => string) {
    this.disk = disk;
    this.#base = base;
    this.#newId = newId;
  }

  newId(): string {
    return this.#newId();
  }

  /**
   * Creates the folder, with those between the base and it. One that is there already is synced once all the same: who
   * made it may have died before that.
   */
  async ensureFolder(path: string): Promise<void> {
    if (path === this.#base || this.#durableFolders.has(path)) return;
    const above = dirname(path);
    await this.ensureFolder(above);
    try {
      await this.disk.makeFolder(path);
      await this.disk.sync(above);
    } catch (error) {
      this.#forget(above);
      throw error;
    }
    this.#durableFolders.add(path);
  }

  /** Somebody may have moved the folder away, or one above it: who tries again looks for them. */
  #forget(folder: string): void {
    for (let path = folder; path.length > this.#base.length; path = dirname(path)) this.#durableFolders.delete(path);
  }

  /** A file of a name that was never used, durable when it resolves. */
  async create(path: string, bytes: Uint8Array): Promise<void> {
    await this.ensureFolder(dirname(path));
    await this.#orNone(path, async () => {
      await this.disk.write(path, bytes);
      await this.disk.sync(path);
    });
    await this.disk.sync(dirname(path));
  }

  /** Like {@link create}, where only one of several who want the name can have it: false for the others. */
  async createExclusively(path: string, bytes: Uint8Array): Promise<boolean> {
    const aside = await this.#writeAside(path, (name) => this.disk.write(name, bytes));
    const isOurs = await this.#orNone(aside, () => this.disk.link(aside, path));
    if (isOurs) await this.#orNone(aside, () => this.disk.sync(dirname(path)));
    await this.disk.remove(aside);
    return isOurs;
  }

  /** Puts the bytes in a file's place: a reader, or a crash, finds the old file or the new one. */
  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.replaceBy(path, (aside) => this.disk.write(aside, bytes));
  }

  /** Like {@link replace}, for a file that `write` writes step by step under another name. */
  async replaceBy(path: string, write: (aside: string) => Promise<void>): Promise<void> {
    const aside = await this.#writeAside(path, write);
    await this.#orNone(aside, () => this.disk.rename(aside, path));
    await this.disk.sync(dirname(path));
  }

  async #writeAside(path: string, write: (aside: string) => Promise<void>): Promise<string> {
    await this.ensureFolder(dirname(path));
    const aside = join(dirname(path), `${ASIDE}${this.#newId()}.tmp`);
    await this.#orNone(aside, async () => {
      await write(aside);
      await this.disk.sync(aside);
    });
    return aside;
  }

  /** Half a file is not left behind: on a full disk, those of every further try would fill what is freed. */
  async #orNone<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } catch (error) {
      // Somebody may have moved the folder away: who tries again looks for it.
      for (let folder = dirname(path); this.#durableFolders.delete(folder);) folder = dirname(folder);
      // How the write failed is what is told.
      await this.disk.remove(path).catch(() => undefined);
      throw error;
    }
  }
}
