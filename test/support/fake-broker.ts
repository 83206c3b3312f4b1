import { createServer, type AddressInfo, type Server } from 'node:net';

/** The number of a request, and the versions of it that are offered. */
export type Offer = readonly [request: number, minVersion: number, maxVersion: number];

const NEWEST_KNOWN = 66;
const API_VERSIONS = 18;

/** Listens as a Kafka broker does, and answers the one question which versions it offers. */
export class FakeBroker {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Offers every version of every request, but of those in `but` only what `offers` says. */
  static async start(offers: readonly Offer[], but: readonly number[]): Promise<FakeBroker> {
    const all = Array.from({ length: NEWEST_KNOWN }, (_, request): Offer => [request, 0, 20]);
    const body = versions([...all.filter(([request]) => !but.includes(request)), ...offers]);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        if (bytes.readInt16BE(4) !== API_VERSIONS) return void socket.destroy();
        const head = Buffer.alloc(8);
        head.writeInt32BE(4 + body.length, 0);
        bytes.copy(head, 4, 8, 12);
        socket.write(Buffer.concat([head, body]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeBroker(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** An answer of version 1 or 2: no error, the offers, no throttling. */
function versions(offers: readonly Offer[]): Buffer {
  const bytes = Buffer.alloc(2 + 4 + 6 * offers.length + 4);
  bytes.writeInt32BE(offers.length, 2);
  offers.forEach((offer, i) => offer.forEach((value, j) => bytes.writeInt16BE(value, 6 + 6 * i + 2 * j)));
  return bytes;
}
