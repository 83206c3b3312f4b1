import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const BIN = fileURLToPath(new URL('../../../bin/pulse.js', import.meta.url));
/** Linux counts a process's time in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** What a process has used of the machine since it began. */
export interface Used {
  /** Seconds of processor time, of all its threads. */
  readonly cpu: number;
  /** Megabytes of its own: resident, without the pages of mapped files. */
  readonly memory: number;
}

/** A command of the program with a page, as its user runs it. */
export class PulseProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves once the command has said where its page is. */
  static async start(
    args: readonly string[],
    folder: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PulseProcess> {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: { ...process.env, PULSE_DATA_DIR: folder, PULSE_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const url = await new Promise<string>((resolve, reject) => {
      const listen = (text: string): void => {
        said += text;
        const found = /the page is at (http:\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.setEncoding('utf8').on('data', listen);
      child.stderr.setEncoding('utf8').on('data', listen);
      child.once('close', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${said}`)));
    });
    return new PulseProcess(child, url);
  }

  used(): Used {
    return usedBy(this.#child.pid ?? 0);
  }

  async stop(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
  }
}

/** What that process has used until now. */
export function usedBy(pid: number): Used {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const own = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, memory: Number(own ?? NaN) / 1000 };
}
