import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';
import { DOWNLOADS } from '../lake/describe-lake.ts';
import type { Downloads } from '../lake/downloads.ts';
import { failure, send } from './answer.ts';
import { answerApi, type ApiOptions } from './api.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { serveStatic } from './static-files.ts';

export interface HandlerOptions extends ApiOptions {
  readonly staticPath: string;
  readonly downloads: Downloads;
  readonly logger: Logger;
}

/** The HTTP side: the API first, then the page's files. */
export function createHandler(options: HandlerOptions): RequestListener {
  const files = serveStatic(options.staticPath);
  return (request, response) => {
    setSecurityHeaders(response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refused = failure(405, 'method-not-allowed', 'Only GET and HEAD are answered.');
      return send(request, response, { ...refused, headers: { allow: 'GET, HEAD' } });
    }
    void answer(options, files, request, response);
  };
}

async function answer(
  options: HandlerOptions,
  files: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    // The path is taken as it came: a URL parser would resolve an encoded `..`, which may be a coin's id.
    const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
    if (path.startsWith(DOWNLOADS))
      return void (await options.downloads.send(path.slice(DOWNLOADS.length), request, response));
    const answered = await answerApi(options, path, new URLSearchParams(query));
    if (answered === undefined) files(request, response);
    else send(request, response, answered);
  } catch (error) {
    options.logger.warn(`GET ${request.url ?? ''} failed: ${(error as Error).message}`);
    if (response.headersSent) response.destroy();
    else send(request, response, failure(500, 'internal', 'The server failed to answer; its log says why.'));
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
