import { createHash } from 'node:crypto';
import { type FileHandle, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PulseError } from '../../../errors.ts';
import { copyDigestPath, parseCopyDigest } from './copy-digest.ts';
import { areSameFile, type FileIdentity, identityOf } from './file-identity.ts';
import { openIfThere } from './open-if-there.ts';
import { type CopyFooter, readFooter } from './read-footer.ts';

/** One plain copy, as it lies on the disk. */
export interface CopyState extends Pick<CopyFooter, 'rows' | 'columns' | 'times'> {
  /** The file's name. */
  readonly name: string;
  readonly path: string;
  readonly identity: FileIdentity;
  readonly timeColumn: string;
  /** Undefined while it is being computed. */
  readonly sha256: string | undefined;
}

/**
 * Looks at one copy, and remembers what it has seen of the file that is there. The digest is the one that the export left
 * beside the copy; where it left none, or one of another copy, it is computed in the background, once a file.
 */
export class CopyReader {
  readonly #path: string;
  readonly #timeColumn: string;
  #known: CopyState | undefined;

  constructor(path: string, timeColumn: string) {
    this.#path = path;
    this.#timeColumn = timeColumn;
  }

  /** Undefined where there is no such file. Rejects with `table-corrupt` for one that is no Parquet file. */
  async read(): Promise<CopyState | undefined> {
    const handle = await openIfThere(this.#path);
    if (handle === undefined) return undefined;
    const identity = await identityOf(handle);
    if (this.#known !== undefined && areSameFile(this.#known.identity, identity)) {
      await handle.close();
      return this.#known;
    }
    const state = await this.#describe(handle, identity);
    this.#known = state;
    // Whoever replaces the file meanwhile replaces its name: the one that was opened stays as it is.
    if (state.sha256 === undefined) void this.#digest(handle, state);
    else await handle.close();
    return state;
  }

  async #describe(handle: FileHandle, identity: FileIdentity): Promise<CopyState> {
    try {
      const { id, ...footer } = await readFooter(handle, identity.bytes, this.#timeColumn);
      const left = parseCopyDigest(
        (await readFile(copyDigestPath(this.#path)).catch(() => undefined)) ?? new Uint8Array(),
      );
      const sha256 = left !== undefined && left.id === id ? left.sha256 : undefined;
      return {
        name: basename(this.#path),
        path: this.#path,
        timeColumn: this.#timeColumn,
        identity,
        ...footer,
        sha256,
      };
    } catch (cause) {
      await handle.close();
      const advice = 'pulse lake export writes it anew';
      throw new PulseError('table-corrupt', `${this.#path} can't be read as Parquet: ${advice}`, { cause });
    }
  }

  /** A file that can't be read to its end has no digest; it is looked at anew when it is another one. */
  async #digest(handle: FileHandle, state: CopyState): Promise<void> {
    try {
      const digest = createHash('sha256');
      for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) digest.update(chunk as Buffer);
      if (this.#known === state) this.#known = { ...state, sha256: digest.digest('hex') };
    } catch {
      if (this.#known === state) this.#known = undefined;
    } finally {
      await handle.close();
    }
  }
}
