import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { inject } from 'vitest';
import type { LakeRow } from './read-delta.ts';

/** A table at one version, by delta-rs. */
export interface ReadVersion {
  readonly rows: readonly LakeRow[];
  /** The versions of the transactions that were asked for; null where the table has none. */
  readonly transactions: Readonly<Record<string, number | null>>;
}

/** A process with delta-rs, which takes a second to start and a few milliseconds to read a small table. */
export class DeltaReader {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;

  constructor() {
    const script = join(import.meta.dirname, 'read_delta.py');
    this.#child = spawn(inject('lakePython'), [script, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout! });
    this.#ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('the reader has ended')));
    this.#ended.catch(() => undefined);
  }

  /** Reads the table in the folder, at its newest version unless another is named. One call at a time. */
  async read(folder: string, apps: readonly string[], version: number | undefined): Promise<ReadVersion> {
    const answered = once(this.#lines, 'line');
    this.#child.stdin?.write(`${JSON.stringify([folder, version ?? null, ...apps])}\n`);
    const [line] = (await Promise.race([answered, this.#ended])) as [string];
    const answer = JSON.parse(line) as ReadVersion | { readonly error: string };
    if ('error' in answer) throw new Error(`delta-rs, version ${version ?? 'newest'}: ${answer.error}`);
    return answer;
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended.catch(() => undefined);
  }
}
