import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry behind a door. */
export interface GuardedRegistry {
  readonly url: string;
  close(): void;
}

/** Lets in who names the user and the password, as the registries of others do; to everybody else it answers `status`. */
export async function guardedRegistry(inner: string, credentials: string, status: 401 | 403): Promise<GuardedRegistry> {
  const { hostname, port, pathname } = new URL(inner);
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    if (incoming.headers.authorization !== wanted) {
      outgoing.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      outgoing.end(JSON.stringify({ error_code: status, message: 'who are you?' }));
      return;
    }
    const { method, url, headers } = incoming;
    const passed = forward({ hostname, port, method, path: `${pathname}${url}`, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
