import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { median, thousands } from './figures.ts';
import { mostMemory } from './lake-memory/own-memory.ts';

/*
 * How much memory Bronze takes by the number of its rows: catching up with `pulse sink --until-caught-up`, and reading the
 * table back. Each run is a process of its own; beside them, a process that catches up with nothing. Fails where the most rows
 * take more than so many times what the fewest do.
 */

/** In memory, a million quotes would take ten times as much as 100,000; the rest is what the collector leaves lying. */
const MOST_TIMES = { 'catching up': 1.5, 'reading back': 2 } as const;
type Work = keyof typeof MOST_TIMES;
const works = ['catching up', 'reading back'] as const satisfies readonly Work[];

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000,1000000' },
    runs: { type: 'string', default: '3' },
  },
});
const sizes = options.rows
  .split(',')
  .map(Number)
  .sort((a, b) => a - b);
const runs = Number(options.runs);
const pulse = join(import.meta.dirname, '..', '..', 'bin', 'pulse.js');
const readBack = join(import.meta.dirname, 'lake-memory', 'read-back.ts');
const { partitions } = loadConfig({ environment: {} }).settings;
const topic = topicNames('').markets;

/** By the number of rows, ascending. */
const medians: Readonly<Record<Work, number[]>> = { 'catching up': [], 'reading back': [] };

interface Measured {
  readonly megabytes: number;
  readonly seconds: number;
  readonly said: string;
}

async function measure(args: readonly string[], data: string): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, PULSE_DATA_DIR: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (said += text));
  const ended = endOf(child);
  const [megabytes, code] = await Promise.all([mostMemory(child.pid ?? 0, ended), ended]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
  return { megabytes, seconds: (performance.now() - started) / 1000, said };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

function report(what: Work, rows: number, measured: readonly Measured[]): void {
  const memory = measured.map(({ megabytes }) => megabytes);
  const rate = rows / median(measured.map(({ seconds }) => seconds));
  const spread = `${Math.min(...memory).toFixed(0)} to ${Math.max(...memory).toFixed(0)}`;
  console.log(
    `${what.padEnd(14)} ${thousands(rows).padStart(9)} rows: ${median(memory).toFixed(0).padStart(4)} MB (${spread})  ` +
      `${thousands(rate).padStart(7)} rows/s, start of the process and all`,
  );
  if (rows > 0) medians[what].push(median(memory));
}

/** Compares the most rows with the fewest. */
function judge(what: Work): void {
  const [fewest = NaN, most = NaN] = [medians[what].at(0), medians[what].at(-1)];
  const times = most / fewest;
  console.log(`${what}: ${times.toFixed(2)} times the memory, at most ${MOST_TIMES[what]}`);
  if (!(times <= MOST_TIMES[what])) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-lake-'));
try {
  console.log(`the most memory of its own at any moment, the median of ${runs} runs and their extremes`);
  for (const rows of [0, ...sizes]) {
    const found: Record<Work, Measured[]> = { 'catching up': [], 'reading back': [] };
    for (let run = 0; run < runs; run++) {
      const data = join(folder, `${rows}-${run}`);
      if (rows === 0) await measure([pulse, 'topics', 'create'], data);
      else await measure([pulse, 'ingest', '--source', 'simulated', '--count', String(rows)], data);
      const caughtUp = await measure([pulse, 'sink', '--until-caught-up'], data);
      if (rows > 0 && !caughtUp.said.includes(`: ${rows} rows written`)) throw new Error(caughtUp.said);
      found['catching up'].push(caughtUp);
      const read = await measure(['--import', 'tsx', readBack, data, topic, String(partitions)], data);
      if (Number(read.said) !== rows) throw new Error(`read ${read.said} of ${rows}`);
      found['reading back'].push(read);
      rmSync(data, { recursive: true });
    }
    for (const what of works) report(what, rows, found[what]);
  }
  for (const what of works) judge(what);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
