import type { IncomingMessage } from 'node:http';
import { type Answer, failure } from './answer.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="dark light" />
    <title>No such page · Crypto Pulse</title>
  </head>
  <body>
    <h1>There is no such page</h1>
    <p><a href="/">To the market</a></p>
  </body>
</html>
`;

/** What an address is answered that nothing is at: a page where a person asks, else the error that programs know. */
export const noSuchPage = ({ headers }: IncomingMessage): Answer =>
  headers.accept?.includes('text/html')
    ? { status: 404, body: PAGE, headers: { 'content-type': 'text/html; charset=utf-8' } }
    : failure(404, 'not-found', 'There is no such page.');
