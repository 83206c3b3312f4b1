import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { CopyState } from '../../../streams/5-lake/copies/copy-reader.ts';
import { areSameFile, type FileIdentity, identityOf } from '../../../streams/5-lake/copies/file-identity.ts';
import { openIfThere } from '../../../streams/5-lake/copies/open-if-there.ts';
import { failure, send } from '../http/answer.ts';
import type { LakeReader } from './lake-reader.ts';

/** So many at once: each holds a file open. */
const MOST_AT_ONCE = 32;

/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;

/** A copy that is open, with what is known of the very file. */
interface OpenCopy {
  readonly handle: FileHandle;
  readonly identity: FileIdentity;
  readonly sha256: string | undefined;
}

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

async function sendCopy(
  name: string,
  { handle, identity, sha256 }: OpenCopy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const etag = sha256 === undefined ? undefined : `"${sha256}"`;
    const headers = {
      'content-type': 'application/vnd.apache.parquet',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-cache',
      'last-modified': new Date(identity.modifiedMs).toUTCString(),
      ...(etag !== undefined && { etag }),
    };
    if (etag !== undefined && isKnownTo(request, etag)) return void response.writeHead(304, headers).end();
    response.writeHead(200, { ...headers, 'content-length': identity.bytes });
    if (request.method === 'HEAD' || identity.bytes === 0) return void response.end();
    response.setTimeout(STALLED_MS, () => response.destroy());
    const bytes = handle.createReadStream({ start: 0, end: identity.bytes - 1, autoClose: false });
    await pipeline(bytes, response, { end: false });
    // Somebody has cut the file short: a client must not take what it has for the whole.
    if (bytes.bytesRead < identity.bytes) response.destroy();
    else response.end();
  } catch (error) {
    // Who leaves in the middle is no failure of the server's.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    await handle.close();
  }
}

/** Whether the client has these bytes already (RFC 9110, "If-None-Match": the weak comparison). */
const isKnownTo = ({ headers }: IncomingMessage, etag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
