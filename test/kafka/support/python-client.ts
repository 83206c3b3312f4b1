import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { runClient } from './run-client.ts';
import type { PrintedRecord } from '../../support/pulse.ts';

const FOLDER = resolve(import.meta.dirname, 'python');
const REQUIREMENTS = join(FOLDER, 'requirements.txt');
const CACHE = process.env['CRYPTO_PULSE_CACHE'] ?? resolve(import.meta.dirname, '..', '..', '..', 'infra', '.cache');

const run = promisify(execFile);

/** The latest committed rows of a topic in Avro, as Confluent's Python client reads them. */
export async function readWithPython(
  brokers: readonly string[],
  registryUrl: string,
  topic: string,
): Promise<readonly Pick<PrintedRecord, 'key' | 'value'>[]> {
  const python = join(await environment(), 'bin', 'python');
  const args = [join(FOLDER, 'read_table.py'), brokers.join(), registryUrl, topic];
  const { stdout } = await run(python, args, { maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PrintedRecord);
}

/** Gives a cluster a user who logs in with SCRAM-SHA-256 or -512; kafkajs has no request for it. */
export async function addScramUser(brokers: readonly string[], user: string, password: string): Promise<void> {
  await runClient(
    join(await environment(), 'bin', 'python'),
    [join(FOLDER, 'add_scram_user.py'), brokers.join(), user],
    password,
  );
}

/** A virtual environment with the client, kept for as long as the requirements are the same. */
async function environment(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `python-${digest}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', partial]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    await run(join(partial, 'bin', 'python'), install);
    renameUnlessThere(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Whole, or not at all: an environment knows nothing of its own name but in scripts, which are not used. Test files that
 * run at once may each make one; the first stays.
 */
function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
