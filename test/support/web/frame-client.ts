import type { Socket } from 'node:net';
import { rawWebsocket, textFrame } from './raw-websocket.ts';

/** A frame of the gateway's, as a client sees it that reads no further than it must. */
export interface SeenFrame {
  readonly kind: 'snapshot' | 'batch';
  /** 0 in a snapshot. */
  readonly since: number;
  readonly seq: number;
  /** The server's clock when it was made. */
  readonly now: number;
  /** The whole of it as JSON. */
  readonly json: () => string;
}

const NUMBERS = /"(since|seq|now)":(\d+)/g;
/** The numbers stand in front, behind an epoch at most. */
const FRONT_BYTES = 160;

/** A page that costs next to nothing: a websocket by hand over one connection. A thousand of them fit into a process. */
export class FrameClient {
  readonly socket: Socket;
  readonly #seen: (frame: SeenFrame) => void;
  #bytes: Buffer = Buffer.alloc(0);
  /** Parts of a message that is not whole yet, and how much of it is missing. */
  readonly #parts: Buffer[] = [];
  #missing = 0;

  private constructor(socket: Socket, seen: (frame: SeenFrame) => void) {
    this.socket = socket;
    this.#seen = seen;
  }

  /** Connects, and asks for everything. */
  static async open(url: string, seen: (frame: SeenFrame) => void): Promise<FrameClient> {
    const socket = await rawWebsocket(url);
    const client = new FrameClient(socket, seen);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => client.#take(bytes));
    socket.write(textFrame('40'));
    return client;
  }

  #take(bytes: Buffer): void {
    let rest = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    this.#bytes = Buffer.alloc(0);
    while (rest.length > 0) {
      if (this.#missing === 0) {
        const header = headerOf(rest);
        if (header === undefined) return void (this.#bytes = rest);
        this.#missing = header.payload;
        rest = rest.subarray(header.bytes);
      }
      const part = rest.subarray(0, this.#missing);
      this.#parts.push(part);
      this.#missing -= part.length;
      rest = rest.subarray(part.length);
      if (this.#missing === 0) this.#message(this.#parts.splice(0));
    }
  }

  #message(parts: readonly Buffer[]): void {
    const whole = (): string => Buffer.concat(parts).toString();
    const front = Buffer.concat(parts.map((part) => part.subarray(0, FRONT_BYTES))).toString('latin1', 0, FRONT_BYTES);
    if (front === '2') return void this.socket.write(textFrame('3'));
    const kind = /^42\["(snapshot|batch)"/.exec(front)?.[1];
    if (kind !== 'snapshot' && kind !== 'batch') return;
    const numbers = new Map([...front.matchAll(NUMBERS)].map(([, name = '', value]) => [name, Number(value)]));
    const of = (name: string): number => numbers.get(name) ?? NaN;
    const [since, seq, now] = [numbers.get('since') ?? 0, of('seq'), of('now')];
    this.#seen({ kind, since, seq, now, json: () => whole().slice(kind.length + 6, -1) });
  }
}

/** RFC 6455 section 5.2; what a server sends is not masked. Undefined while it is not whole. */
function headerOf(bytes: Buffer): { readonly bytes: number; readonly payload: number } | undefined {
  const [, length = 0] = bytes;
  if (bytes.length < 2) return undefined;
  if (length < 126) return { bytes: 2, payload: length };
  if (length === 126) return bytes.length < 4 ? undefined : { bytes: 4, payload: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { bytes: 10, payload: Number(bytes.readBigUInt64BE(2)) };
}
