import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CopyState } from '../../../streams/5-lake/copies/copy-reader.ts';
import { areSameFile, identityOf } from '../../../streams/5-lake/copies/file-identity.ts';
import { openIfThere } from '../../../streams/5-lake/copies/open-if-there.ts';
import { failure, send } from '../http/answer.ts';
import { type OpenCopy, sendCopy } from './send-copy.ts';
import type { LakeReader } from './lake-reader.ts';

/** So many at once: each holds a file open. */
const MOST_AT_ONCE = 32;

/**
 * Serves the plain copies of the lake's tables. A name is looked up among those that are there, never taken for a path. The file
 * is opened once: where another takes its place meanwhile, the download goes on from the one that it began with.
 */
export class Downloads {
  readonly #lake: LakeReader;
  readonly #running = new Set<ServerResponse>();

  constructor(lake: LakeReader) {
    this.#lake = lake;
  }

  async send(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#running.size >= MOST_AT_ONCE) {
      const busy = failure(503, 'too-many-downloads', 'Too many downloads are under way: try again in a minute.');
      return void send(request, response, { ...busy, headers: { 'retry-after': '60' } });
    }
    this.#running.add(response);
    try {
      const copy = await this.#open(name);
      if (copy === undefined)
        return void send(request, response, failure(404, 'no-such-download', 'There is no such file; see /api/lake.'));
      await sendCopy(name, copy, request, response);
    } finally {
      this.#running.delete(response);
    }
  }

  /** Breaks off what is under way. */
  close(): void {
    for (const response of this.#running) response.destroy();
  }

  async #open(name: string): Promise<OpenCopy | undefined> {
    const copy = await this.#find(name);
    const handle = copy && (await openIfThere(copy.path));
    if (copy === undefined || handle === undefined) return undefined;
    const identity = await identityOf(handle);
    // One that was replaced since it was looked at is another file: of that, the digest is asked for again.
    const known = areSameFile(copy.identity, identity) ? copy : await this.#find(name);
    const isKnown = known !== undefined && areSameFile(known.identity, identity);
    return { handle, identity, sha256: isKnown ? known.sha256 : undefined };
  }

  async #find(name: string): Promise<CopyState | undefined> {
    return (await this.#lake.read()).copies.find((copy) => copy.name === name);
  }
}
