import { spawn } from 'node:child_process';
import process from 'node:process';
import { onTestFinished } from 'vitest';

const HOLDER = `
  import { writeSync } from 'node:fs';
  import { open } from 'lmdb';
  const log = open({ path: process.argv[1], noSubdir: false });
  log.transactionSync(() => {
    writeSync(1, 'held');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  });`;

/**
 * Keeps every writer of a log waiting, from a process of its own that sits in a transaction: as a disk that hangs would.
 * Resolves with what lets them go on.
 */
export async function holdLog(path: string): Promise<() => void> {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const release = (): void => void holder.kill('SIGKILL');
  onTestFinished(release);
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  return release;
}
