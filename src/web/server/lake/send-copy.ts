import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileIdentity } from '../../../streams/5-lake/copies/file-identity.ts';
import { failure, send } from '../http/answer.ts';
import { isKnownTo, rangeOf, type Validators } from './conditions.ts';

/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;

/** A copy that is open, with what is known of the very file. */
export interface OpenCopy {
  readonly handle: FileHandle;
  readonly identity: FileIdentity;
  readonly sha256: string | undefined;
}

/** Sends the file, or the range of it that is asked for, and closes it. A reader of Parquet takes the footer and then what it needs. */
export async function sendCopy(
  name: string,
  { handle, identity, sha256 }: OpenCopy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { bytes } = identity;
    const validators: Validators = {
      etag: sha256 === undefined ? undefined : `"${sha256}"`,
      lastModified: new Date(identity.modifiedMs).toUTCString(),
    };
    const headers = {
      'content-type': 'application/vnd.apache.parquet',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-cache',
      'accept-ranges': 'bytes',
      'last-modified': validators.lastModified,
      ...(validators.etag !== undefined && { etag: validators.etag }),
    };
    if (isKnownTo(request, validators)) return void response.writeHead(304, headers).end();
    const range = rangeOf(request, bytes, validators);
    if (range === 'unsatisfiable') {
      const refused = failure(416, 'no-such-range', `The file has ${bytes} bytes.`);
      return void send(request, response, { ...refused, headers: { 'content-range': `bytes */${bytes}` } });
    }
    const { start, end } = range ?? { start: 0, end: bytes - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      ...headers,
      'content-length': end - start + 1,
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end}/${bytes}` }),
    });
    if (request.method === 'HEAD' || end < start) return void response.end();
    await sendBytes(handle, { start, end }, response);
  } catch (error) {
    // Who leaves in the middle is no failure of the server's.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    await handle.close();
  }
}

async function sendBytes(
  handle: FileHandle,
  range: { readonly start: number; readonly end: number },
  response: ServerResponse,
): Promise<void> {
  response.setTimeout(STALLED_MS, () => response.destroy());
  const bytes = handle.createReadStream({ ...range, autoClose: false });
  await pipeline(bytes, response, { end: false });
  // Somebody has cut the file short: a client must not take what it has for the whole.
  if (bytes.bytesRead < range.end - range.start + 1) response.destroy();
  else response.end();
}
