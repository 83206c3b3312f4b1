import { createServer } from 'node:http';
import { z } from 'zod';
import { PulseError } from '../../errors.ts';
import { listen } from '../../web/server/listen.ts';
import type { Context } from '../context.ts';
import { type Finding, note, ok } from './finding.ts';

const PATIENCE_MS = 2_000;
const status = z.object({ namespace: z.string(), view: z.object({ state: z.string() }) });

/** Whether the page's port is free, or a page of ours is there already. Rejects with `port-in-use` where others have it. */
export async function checkPort({ config }: Context): Promise<readonly Finding[]> {
  const { host, port } = config.settings.web;
  const server = createServer();
  try {
    const url = await listen(server, host, port);
    await new Promise((resolve) => server.close(resolve));
    return [ok(port === 0 ? `${host} has free ports` : `${url} is free for the page`)];
  } catch (error) {
    const there = error instanceof PulseError && error.code === 'port-in-use' ? await pageAt(host, port) : undefined;
    if (there === undefined) throw error;
    return [
      there === config.settings.namespace
        ? ok(runs(there, port))
        : note(`${runs(there, port)}: another one needs another --port`),
    ];
  }
}

const runs = (namespace: string, port: number): string =>
  `the page of ${namespace === '' ? 'the default namespace' : `the namespace ${namespace}`} is on port ${port}`;

/** The namespace of the page that answers there; undefined where something else does, or nothing. */
async function pageAt(host: string, port: number): Promise<string | undefined> {
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  try {
    const url = `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}/api/status`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return status.safeParse(await answer.json()).data?.namespace;
  } catch {
    return undefined;
  }
}
