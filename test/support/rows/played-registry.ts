import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came in: the method and the path, what it sent, and as whom. */
export interface HeardRequest {
  readonly line: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/** What to answer: a status with JSON or text, or whatever is done with the response. */
export type PlayedAnswer = readonly [status: number, body: unknown] | ((response: ServerResponse) => void);

/** A server on the loopback that answers as the test says, until it is over. */
export async function playedRegistry(
  play: (request: HeardRequest) => PlayedAnswer,
): Promise<{ readonly url: string; readonly heard: readonly HeardRequest[] }> {
  const heard: HeardRequest[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const body = text === '' ? undefined : (JSON.parse(text) as unknown);
      const line = `${request.method} ${request.url}`;
      heard.push({ line, body, authorization: request.headers.authorization });
      const answer = play(heard.at(-1)!);
      if (typeof answer === 'function') return answer(response);
      response.writeHead(answer[0], { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      response.end(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, heard };
}
