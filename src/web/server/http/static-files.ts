import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { pagePaths } from '../../contract.ts';
import { failure, send } from './answer.ts';
import { noSuchPage } from './no-such-page.ts';

const YEAR_S = 31_536_000;

/** Serves the built page; files with a hash in their name for ever, the others only after asking. */
export function serveStatic(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  if (!existsSync(join(folder, 'index.html')))
    return (request, response) =>
      send(
        request,
        response,
        failure(503, 'page-not-built', 'The page is not built: run npx vite build, and start again.'),
      );
  const files = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, pathname) {
      const hashed = pathname.startsWith('/assets/');
      response.setHeader('cache-control', hashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
  return (request, response) => {
    // Which of the page's own pages it is, the page finds out by itself.
    if (isPage(request.url)) request.url = '/';
    files(request, response, () => send(request, response, noSuchPage(request)));
  };
}

const isPage = (url = '/'): boolean => pagePaths.some((path) => path === url.split('?', 1)[0]);
