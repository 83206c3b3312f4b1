import { expect } from 'vitest';
import { portsInARow } from './ports-in-a-row.ts';
import { startWithScript } from './infra-script.ts';

/** A real schema registry on the loopback, with Confluent's API. It forgets its schemas when it stops. */
export interface Registry {
  /** For `SCHEMA_REGISTRY_URL`. */
  readonly url: string;
  /** Stops its clock: it takes connections, and answers nothing. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a registry with infra/registry.sh. Resolves when it answers. The first run on a machine fetches its jars.
 * `port`: one that is free, for a test that names the registry before it starts it.
 */
export async function startRegistry({ port }: { readonly port?: number } = {}): Promise<Registry> {
  const on = port ?? (await portsInARow(1));
  const run = await startWithScript('registry', ['--port', String(on)]);
  await warmUp(registryUrl(on));
  return {
    url: registryUrl(on),
    pause: () => run('pause'),
    resume: () => run('resume'),
    stop: () => run('wipe'),
  };
}

/** What it does for the first time takes a cold JVM seconds: who asks once and waits for 3 s is not to pay for that. */
async function warmUp(url: string): Promise<void> {
  const schema = JSON.stringify({ type: 'record', name: 'warm', fields: [] });
  const found = await fetch(`${url}/subjects/warm-value`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  });
  expect(found.status, await found.text()).toBe(404);
}

/** Where a registry on that port answers. */
export const registryUrl = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`;
