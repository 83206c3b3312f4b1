import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A TypeScript file run as a process of its own, that speaks in lines. */
export class LogChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  /** Everything it has said so far. */
  readonly lines: string[] = [];
  #errors = '';
  readonly #reader: Interface;

  /** `file`: as a URL, beside the test. */
  constructor(file: URL, args: readonly string[]) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(file), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#reader = createInterface(this.#child.stdout!);
    this.#reader.on('line', (line) => this.lines.push(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get errors(): string {
    return this.#errors;
  }

  /** Resolves with the first line that matches. */
  async says(pattern: RegExp): Promise<string> {
    const hasEnded = this.#ended.then(() => true);
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if ((await Promise.race([once(this.#reader, 'line'), hasEnded])) === true) break;
    }
    throw new Error(`The process ended without saying ${String(pattern)}: ${this.#errors}`);
  }

  tell(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Sends a signal. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it at once, and resolves when it has. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }
}
