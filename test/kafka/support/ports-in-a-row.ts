import { createServer, type Server } from 'node:net';
import process from 'node:process';

/** One for the setup of a run, and one for each of the files that run at a time. */
const STRETCHES = 3;
const STRETCH_PORTS = 4_000;

/**
 * The first of so many ports of the loopback, one after the other, on which nobody listens. They lie below those that
 * systems give to outgoing connections (from 32768), and in a stretch that no other file of the run takes ports from: so
 * nobody else has one before it is used, or while a broker that was killed has yet to come back to it.
 */
export async function portsInARow(count: number): Promise<number> {
  const stretch = Number(process.env['VITEST_POOL_ID'] ?? 0) % STRETCHES;
  for (;;) {
    const first = 20_000 + stretch * STRETCH_PORTS + Math.floor(Math.random() * (STRETCH_PORTS - count));
    if (await areFree(first, count)) return first;
  }
}

async function areFree(first: number, count: number): Promise<boolean> {
  const servers = Array.from({ length: count }, () => createServer());
  const heard = await Promise.all(servers.map((server, index) => listens(server, first + index)));
  await Promise.all(servers.filter((_, index) => heard[index]).map(closed));
  return heard.every(Boolean);
}

const listens = (server: Server, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
