import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Python that has the readers of `requirements.txt`. */
    lakePython: string;
  }
}

const REQUIREMENTS = resolve(import.meta.dirname, '..', 'requirements.txt');

/** Before the suite. */
export const setup = (project: TestProject): void => project.provide('lakePython', lakePython());

/** The Python of a virtual environment with the pinned readers, which is made once for each state of the pins. */
export function lakePython(): string {
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const folder = resolve('node_modules', '.cache', `lake-python-${pins}`);
  const python = join(folder, 'bin', 'python');
  const isComplete = join(folder, 'complete');
  if (!existsSync(isComplete)) {
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
    writeFileSync(isComplete, '');
  }
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr ?? String(error)}`);
}
