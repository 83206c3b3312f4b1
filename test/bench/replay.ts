import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { median, thousands } from './figures.ts';
import { measured } from './measured.ts';
import { commitTimes } from './replay/commit-times.ts';
import { type ReplayRun, replayRun } from './replay/replay-run.ts';
import { percentiles } from './web/percentiles.ts';
import { PulseProcess } from './web/pulse-process.ts';

/*
 * Records a second of `pulse replay`, from the topic and from Bronze, beside merely reading the topic, and reading and
 * JSON.parse-ing it, in the same run; its memory over the run; and what it does to live commits.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    coins: { type: 'string', default: '250' },
    runs: { type: 'string', default: '3' },
    /** Windows of live work that are looked at alone, and as many beside a replay, in turn; 0: none. */
    windows: { type: 'string', default: '6' },
    'window-seconds': { type: 'string', default: '20' },
    bronze: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const records = Number(options.records);
const runs = Number(options.runs);
const windows = Number(options.windows);
const windowMs = Number(options['window-seconds']) * 1000;
const PARTITIONS = 4;
const BIN = join(import.meta.dirname, '..', '..', 'bin', 'pulse.js');
const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-replay-'));
const row = (what: string, figures: string): void => console.log(`${what.padEnd(44)} ${figures}`);

try {
  console.log(
    `${thousands(records)} simulated quotes, ${options.coins} coins, ${PARTITIONS} partitions, medians of ${runs} runs; ` +
      `the load average is ${(loadavg()[0] ?? NaN).toFixed(2)}`,
  );
  pulse('ingest', '--source', 'simulated', '--count', options.records, '--coins', options.coins, '--speed', 'max');
  if (options.bronze) pulse('sink', '--until-caught-up');
  const timings = { read: [] as number[], parse: [] as number[], topic: [] as ReplayRun[], bronze: [] as ReplayRun[] };
  for (let run = 0; run < runs; run++) {
    timings.read.push((await measured(() => readTopic(() => undefined))).wall);
    timings.parse.push((await measured(() => readTopic((value) => void JSON.parse(value.toString('utf8'))))).wall);
    timings.topic.push(await replayRun(folder, [], PARTITIONS));
    if (options.bronze) timings.bronze.push(await replayRun(folder, ['--from', 'bronze'], PARTITIONS));
  }
  row('the topic, read', rate(timings.read));
  row('the topic, read and JSON.parse', rate(timings.parse));
  replayed('replay from the topic', timings.topic);
  if (options.bronze) replayed('replay from Bronze', timings.bronze);
  if (windows > 0) await besideLive();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pulse(...args: readonly string[]): void {
  const environment = { ...process.env, PULSE_DATA_DIR: folder, PULSE_PARTITIONS: String(PARTITIONS) };
  const { status, stderr } = spawnSync(process.execPath, [BIN, ...args], { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
}

async function readTopic(take: (value: Buffer) => void): Promise<void> {
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' });
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const at = { topic: topicNames('').markets, partition };
    const { start, end } = await log.bounds(at);
    for await (const batch of log.read(at, start, end)) for (const { value } of batch.records) if (value) take(value);
  }
  await log.close();
}

function rate(walls: readonly number[]): string {
  return `${thousands(records / median(walls)).padStart(9)} records/s`;
}

function replayed(what: string, found: readonly ReplayRun[]): void {
  const cpu = (median(found.map((run) => run.cpu)) / records) * 1e6;
  const fifths = [0, 1, 2, 3, 4].map((fifth) => median(found.map(({ memory }) => memory[fifth] ?? NaN)).toFixed(0));
  row(what, `${rate(found.map(({ wall }) => wall))}, ${cpu.toFixed(1)} µs a record`);
  row('  its own memory, by fifths of the records', `${fifths.join(', ')} MB`);
}

/** Live quotes come in at 2,500 a second; commits alone, and beside replays one after the other, in turn. */
async function besideLive(): Promise<void> {
  const args = ['start', '--source', 'simulated', '--speed', '600'];
  const live = await PulseProcess.start(args, folder, { PULSE_PARTITIONS: String(PARTITIONS) });
  const found = { alone: [] as number[], beside: [] as number[] };
  let replays = 0;
  try {
    await pause(10_000);
    for (let turn = 0; turn < windows; turn++) {
      found.alone.push(...(await window(() => pause(windowMs))));
      found.beside.push(
        ...(await window(async () => {
          // Each into a namespace of its own: to remove an earlier one would be work of another kind.
          const until = Date.now() + windowMs;
          while (Date.now() < until) await replayRun(folder, ['--namespace', `beside-${replays++}`], PARTITIONS);
        })),
      );
    }
    row('live commits alone', text(found.alone));
    row(`live commits beside ${replays} replays`, text(found.beside));
    row('p95 beside / alone', (percentiles(found.beside).p95 / percentiles(found.alone).p95).toFixed(2));
  } finally {
    await live.stop();
  }
}

async function window(work: () => Promise<void>): Promise<readonly number[]> {
  const from = Date.now();
  await work();
  return commitTimes(folder, PARTITIONS, from, Date.now());
}

function text(times: readonly number[]): string {
  const { p50, p95, p99 } = percentiles(times);
  return `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, of ${times.length}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
