import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PulseError } from '../../errors.ts';

/** Listens there; the URL to open. Port 0 takes a free one. Rejects with `port-in-use`. */
export function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve(urlOf(server.address() as AddressInfo));
    });
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new PulseError(
        'port-in-use',
        `port ${port} on ${host} is in use: stop what listens there, or name another with --port`,
        { cause },
      );
    case 'EACCES':
      return new PulseError(
        'port-in-use',
        `port ${port} on ${host} may not be opened: name one above 1023 with --port`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PulseError('settings', `${host} is no address of this machine: name another with --host`, { cause });
    default:
      return cause;
  }
}
