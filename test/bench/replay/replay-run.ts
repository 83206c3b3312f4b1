import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { usedBy } from '../web/pulse-process.ts';

const BIN = fileURLToPath(new URL('../../../bin/pulse.js', import.meta.url));
const LOOK_EVERY_MS = 100;
const FIFTHS = 5;

/** What one `pulse replay` took. */
export interface ReplayRun {
  /** Seconds from its first word about its progress to its end: without the start of the program. */
  readonly wall: number;
  /** Of processor time, the whole process's. */
  readonly cpu: number;
  /** Megabytes of its own at the most, within each fifth of the records. */
  readonly memory: readonly number[];
}

/** Runs it to its end in a process of its own. */
export async function replayRun(folder: string, args: readonly string[], partitions: number): Promise<ReplayRun> {
  const child = spawn(process.execPath, [BIN, 'replay', '--no-lake', '--json', '--again', ...args], {
    env: { ...process.env, PULSE_DATA_DIR: folder, PULSE_PARTITIONS: String(partitions) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, failed, begun, share, cpu] = ['', '', 0, 0, 0];
  const memory = Array<number>(FIFTHS).fill(0);
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (failed += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    begun ||= performance.now();
    const line = said.trimEnd().split('\n').at(-1) ?? '{}';
    const { records = 0, of = 1 } = JSON.parse(line) as { readonly records?: number; readonly of?: number };
    share = records / of;
  });
  const look = setInterval(() => {
    try {
      const used = usedBy(child.pid ?? 0);
      // One that is just ending has no memory any more.
      if (Number.isNaN(used.memory)) return;
      cpu = used.cpu;
      const fifth = Math.min(FIFTHS - 1, Math.floor(share * FIFTHS));
      memory[fifth] = Math.max(memory[fifth] ?? 0, used.memory);
    } catch {
      // It has ended.
    }
  }, LOOK_EVERY_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`the replay ended with ${code}: ${failed}`);
  return { wall: (performance.now() - begun) / 1000, cpu, memory };
}
