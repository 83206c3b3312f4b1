import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';

const HERE = resolve(import.meta.dirname, '..', '..');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs as its user runs it, in a process of its own. */
export interface RunningPulse {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr has said something that matches. */
  said(pattern: RegExp): Promise<string>;
}

/** A data folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a command, of another tree where one is named. The environment's own PULSE_ variables and keys do not reach it. */
export function startPulse(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  tree = HERE,
): RunningPulse {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PULSE_|COINGECKO_|KAFKA_|SCHEMA_REGISTRY_)/.test(name),
  );
  const child = spawn(process.execPath, [join(tree, 'bin', 'pulse.js'), ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // One that hangs does not outlive its test, nor write into a folder that is being removed.
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await exited;
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listen of listeners) listen();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listen of listeners) listen();
  });
  const ended = new Promise<Ended>((resolveEnd) => {
    child.once('close', (code, signal) => resolveEnd({ code, signal, stdout, stderr }));
  });
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolveSaid, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout + stderr);
        if (found === null) return;
        listeners.delete(look);
        resolveSaid(found[0]);
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`ended before it said ${pattern}: ${stderr}`)));
      look();
    });
  return { child, ended, said };
}

/** Runs a command to its end. */
export const pulse = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  tree?: string,
): Promise<Ended> => startPulse(args, environment, tree).ended;

/** The records that `pulse topics read` prints. */
export interface PrintedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** Reads a topic as a user does. */
export async function readTopic(
  topic: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<readonly PrintedRecord[]> {
  const { code, stdout, stderr } = await pulse(['topics', 'read', topic, ...options], environment);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PrintedRecord);
}
