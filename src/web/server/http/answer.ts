import type { IncomingMessage, ServerResponse } from 'node:http';

/** What an endpoint answers: JSON, text, or bytes. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** An error that a person or a program can act on: a stable code and a sentence. */
export const failure = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

/** Nothing of the API may be cached, framed or sniffed. */
export function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer): void {
  const content = typeof body === 'string' || Buffer.isBuffer(body) ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': typeOf(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function typeOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return 'application/octet-stream';
  return typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
}
