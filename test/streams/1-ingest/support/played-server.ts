import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server answers to one request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer | string;
    }
  /** The headers promise more than comes before the connection dies. */
  | { readonly kind: 'cut'; readonly body: Buffer | string; readonly after: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };

export const answer = (
  status: number,
  body: Buffer | string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json; charset=utf-8' },
): Reply => ({ kind: 'answer', status, headers, body });

/** A request as it came. */
export interface PlayedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An HTTP server on a free port of the loopback that plays one reply after the other, and the last one for ever. */
export class PlayedServer {
  readonly requests: PlayedRequest[] = [];
  /** With a path, as CoinGecko's is. */
  baseUrl = '';
  private readonly server = createServer((request, response) => this.handle(request, response));
  private reply: (request: PlayedRequest, number: number) => Reply = () => answer(200, '[]');

  static async start(): Promise<PlayedServer> {
    const played = new PlayedServer();
    await new Promise<void>((resolve) => played.server.listen(0, '127.0.0.1', resolve));
    played.baseUrl = `http://127.0.0.1:${(played.server.address() as AddressInfo).port}/api/v3`;
    return played;
  }

  play(...replies: readonly Reply[]): void {
    const first = this.requests.length;
    this.reply = (_, number) => replies[Math.min(number - first, replies.length - 1)] ?? answer(200, '[]');
  }

  playBy(reply: (request: PlayedRequest) => Reply): void {
    this.reply = reply;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const played = { url: request.url ?? '', headers: request.headers };
    const reply = this.reply(played, this.requests.length);
    this.requests.push(played);
    switch (reply.kind) {
      case 'answer':
        response.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      case 'cut': {
        const body = Buffer.from(reply.body);
        response.writeHead(200, { 'content-length': String(body.length) });
        response.write(body.subarray(0, reply.after), () => response.destroy());
        return;
      }
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'silence':
        return;
    }
  }
}
