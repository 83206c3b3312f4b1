import { SourceError } from './source-error.ts';

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** How a GET is made. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** From the start of the request to the last byte of the body, in milliseconds of real time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Far more than any body that is asked for. */
const BODY_LIMIT_BYTES = 64 << 20;

/**
 * One GET, without retries. Redirects are not followed, since the headers may hold a key. Rejects with a
 * `source-unavailable` that says what the connection died of, and with the signal's reason when it aborts.
 */
export async function httpGet(url: string, request: HttpRequest): Promise<HttpAnswer> {
  const { signal, timeoutMs } = request;
  const { host } = new URL(url);
  const abort = new AbortController();
  const timeout = AbortSignal.timeout(timeoutMs);
  const onStop = (): void => abort.abort(signal.reason);
  const onTimeout = (): void => abort.abort(timeout.reason);
  signal.addEventListener('abort', onStop);
  timeout.addEventListener('abort', onTimeout);
  let hasAnswered = false;
  try {
    signal.throwIfAborted();
    const headers = { accept: 'application/json', 'user-agent': 'crypto-pulse', ...request.headers };
    const response = await fetch(url, { headers, redirect: 'manual', signal: abort.signal });
    hasAnswered = true;
    return { status: response.status, headers: response.headers, body: await bodyOf(response, host) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof SourceError) throw cause;
    const failed = hasAnswered ? 'broke its answer off' : "can't be reached";
    const why = timeout.aborted ? `gave no answer within ${timeoutMs} ms` : `${failed}: ${reasonOf(cause)}`;
    throw new SourceError('source-unavailable', `${host} ${why}.`, { cause });
  } finally {
    signal.removeEventListener('abort', onStop);
    timeout.removeEventListener('abort', onTimeout);
  }
}

async function bodyOf(response: Response, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body !== null) {
    const stream: AsyncIterable<Uint8Array> = response.body;
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > BODY_LIMIT_BYTES) throw new SourceError('source-unavailable', `${host} sent a body without end.`);
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks, length);
}

/** What `fetch` failed of lies some causes deep. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return error.message === ''
    ? error.name + code
    : error.message + (error.message.includes(code.slice(2, -1)) ? '' : code);
}
