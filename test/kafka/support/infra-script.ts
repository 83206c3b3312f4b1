import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const INFRA = resolve(import.meta.dirname, '..', '..', '..', 'infra');

/** Calls one of infra's scripts, for one thing that it has started. */
export type RunScript = (...args: readonly string[]) => Promise<void>;

/**
 * Starts what the script starts, in a folder of its own that is gone when this process is, however it ends. Rejects with
 * what the script said.
 */
export async function startWithScript(script: string, args: readonly string[]): Promise<RunScript> {
  const folder = await mkdtemp(join(tmpdir(), `pulse-${script}-`));
  const run: RunScript = async (...given) => {
    await promisify(execFile)(join(INFRA, `${script}.sh`), [...given, '--dir', folder]);
  };
  try {
    await run('start', ...args, '--owner', String(process.pid));
  } catch (error) {
    await run('wipe');
    throw error;
  }
  return run;
}
