import { request } from 'node:http';
import type { Socket } from 'node:net';

/** Opens a websocket to the gateway by hand; the connection that carries it, once the server has switched to it. */
export function rawWebsocket(url: string, headers: Record<string, string> = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const upgrade = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.from('0123456789abcdef').toString('base64'),
        ...headers,
      },
    });
    upgrade.on('upgrade', (_, socket) => resolve(socket));
    upgrade.on('response', ({ statusCode }) => reject(new Error(`refused with ${statusCode ?? 0}`)));
    upgrade.on('error', reject);
    upgrade.end();
  });
}

/** A text message as a client sends it (masked, RFC 6455 section 5.2). */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126
      ? Buffer.of(0x80 | payload.length)
      : payload.length < 65_536
        ? Buffer.of(0x80 | 126, payload.length >> 8, payload.length & 0xff)
        : Buffer.concat([Buffer.of(0x80 | 127), bigEndian(payload.length)]);
  // A mask of zeros is a mask.
  return Buffer.concat([Buffer.of(0x81), length, Buffer.alloc(4), payload]);
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}
