import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asyncScheduler } from 'rxjs';
import { startWorkers } from '../../src/cli/workers/worker-pool.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { recordedSource } from '../../src/streams/1-ingest/recorded/recorded-source.ts';
import { QuoteGenerator } from '../../src/streams/1-ingest/simulated/quote-generator.ts';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import type { Log } from '../../src/streams/log/log.ts';
import { flow } from '../../src/streams/stages/flow.ts';
import { ensureFlowPositions } from '../../src/streams/stages/flow-positions.ts';
import { StageProgress } from '../../src/streams/task/stage-progress.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { median, thousands } from './figures.ts';
import { measured, type Timing, timingLine } from './measured.ts';
import { processed } from './processed.ts';

/*
 * Records a second through the whole embedded pipeline (file -> log -> stage 1 -> stage 2 -> committed tables), beside
 * merely reading the same records and JSON.parse-ing them, from the file and from the log, in the same run.
 */

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '500000' },
    coins: { type: 'string', default: '250' },
    partitions: { type: 'string', default: '4' },
    'commit-ms': { type: 'string', default: '500' },
    runs: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1' },
    /** Some measurements alone, as for a profile: `fileParse,whole`. */
    only: { type: 'string' },
  },
});
const records = Number(options.records);
const coins = Number(options.coins);
const partitions = Number(options.partitions);
const commitMs = Number(options['commit-ms']);
const runs = Number(options.runs);
const workers = Number(options.workers);
const names = topicNames('');
const POLL_MS = 60_000;
/** What a fresh thread is given first: its code is compiled as it runs, which a program that stays up does once. */
const WARM_UP = 100_000;

const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-'));
try {
  const file = join(folder, 'quotes.ndjson');
  const warmUp = join(folder, 'warm-up.ndjson');
  const bytes = await writeQuotes(file, 'bench', records);
  await writeQuotes(warmUp, 'warm-up', WARM_UP);
  const hours = (records * POLL_MS) / coins / 3_600_000;
  console.log(
    `${thousands(records)} quotes of ${Math.round(bytes / records)} bytes, ${coins} coins each quoted every 60 s of event ` +
      `time (a spread of ${hours.toFixed(1)} h), ${partitions} partitions, a commit every ${commitMs} ms at most, ${runs} runs, ` +
      `threads warmed up with ${thousands(WARM_UP)} quotes`,
  );
  const found: Record<keyof Found, Timing[]> = {
    fileParse: [],
    whole: [],
    shared: [],
    ingest: [],
    logParse: [],
    process: [],
  };
  const only = options.only?.split(',');
  const wants = (...names: (keyof Found)[]): boolean => only === undefined || names.some((name) => only.includes(name));
  await withLog((log, state) => processAll(log, state, () => ingest(log, warmUp)));
  for (let run = 0; run < runs; run++) {
    if (wants('fileParse')) found.fileParse.push(await measured(() => parseFile(file)));
    if (wants('whole'))
      await withLog(async (log, state) => {
        found.whole.push(await measured(() => watched(() => processAll(log, state, () => ingest(log, file)))));
      });
    if (wants('shared'))
      await withLog(async (log, _, path) => {
        const pool = await startWorkers({ config: configOf(path), out: { say: console.error } }, workers);
        await followed(log, () => ingest(log, warmUp));
        found.shared.push(await measured(() => watched(() => followed(log, () => ingest(log, file)))));
        await pool.stop();
      });
    if (wants('ingest', 'logParse', 'process'))
      await withLog(async (log, state) => {
        found.ingest.push(await measured(() => ingest(log, file)));
        if (wants('logParse')) found.logParse.push(await measured(() => parseLog(log)));
        if (wants('process')) found.process.push(await measured(() => processAll(log, state, () => Promise.resolve())));
      });
  }
  report(found);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Found = Readonly<Record<'fileParse' | 'whole' | 'shared' | 'ingest' | 'logParse' | 'process', readonly Timing[]>>;

async function withLog(use: (log: Log, state: string, path: string) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(folder, 'run-'));
  const log = await openEmbeddedLog({ path: join(path, 'log'), mode: 'write' });
  await log.topics.ensure(topicSpecs('', partitions));
  await ensureFlowPositions(log, '', partitions, asyncScheduler);
  await use(log, join(path, 'state'), path);
  await log.close();
  rmSync(path, { recursive: true });
}

function report(found: Found): void {
  const line = (what: string, name: keyof Found, than?: keyof Found): void => {
    if (found[name].length === 0) return;
    const ratio = median(found[name].map(({ wall }, run) => (found[than ?? name][run]?.wall ?? NaN) / wall));
    const beside = than === undefined || Number.isNaN(ratio) ? '' : `   ${ratio.toFixed(2)} of that rate`;
    console.log(`${timingLine(what, found[name], records)}${beside}`);
  };
  line('read the file and JSON.parse', 'fileParse');
  line('the whole pipeline: file to log to committed tables', 'whole', 'fileParse');
  line(`the same, with the stages in ${workers} worker thread${workers === 1 ? '' : 's'}`, 'shared', 'fileParse');
  line('file to log alone', 'ingest', 'fileParse');
  line('read the log and JSON.parse', 'logParse');
  line('log to committed tables', 'process', 'logParse');
}

async function writeQuotes(file: string, seed: string, count: number): Promise<number> {
  const generator = new QuoteGenerator({
    seed,
    coins,
    exponent: 0,
    startTime: Date.UTC(2024, 0, 1),
    eventMsPerQuote: POLL_MS / coins,
  });
  const out = createWriteStream(file, { highWaterMark: 4 << 20 });
  let bytes = 0;
  for (let made = 0; made < count;) {
    const lines: string[] = [];
    for (; lines.length < 5000 && made < count; made++) lines.push(generator.next().json);
    const chunk = Buffer.from(`${lines.join('\n')}\n`);
    bytes += chunk.length;
    if (!out.write(chunk)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  // What the system has still to write of it would compete with the log's commits.
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
  return bytes;
}

async function parseFile(file: string): Promise<void> {
  let rest = Buffer.alloc(0);
  let parsed = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 4 << 20 })) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      if ('id' in (JSON.parse(bytes.toString('utf8', start, end)) as object)) parsed++;
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (parsed !== records) throw new Error(`read ${parsed} of ${records}`);
}

async function ingest(log: Log, path: string): Promise<void> {
  const source = recordedSource({
    ...{ log, namespace: '', partitions, scheduler: asyncScheduler, path },
    ...{ again: false, speed: 'max', fastForwardMs: 0 },
  });
  await source.run(new AbortController().signal);
}

async function parseLog(log: Log): Promise<void> {
  let parsed = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const at = { topic: names.markets, partition };
    const { start, end } = await log.bounds(at);
    for await (const batch of log.read(at, start, end))
      for (const { value } of batch.records) if ('id' in (JSON.parse(String(value)) as object)) parsed++;
  }
  if (parsed !== records) throw new Error(`read ${parsed} of ${records}`);
}

function processAll(log: Log, path: string, feed: () => Promise<void>): Promise<void> {
  return processed({ log, names, namespace: '', partitions, intervalMs: commitMs, path }, feed);
}

function configOf(path: string): Config {
  const environment = {
    PULSE_DATA_DIR: path,
    PULSE_PARTITIONS: String(partitions),
    PULSE_COMMIT_INTERVAL_MS: String(commitMs),
    PULSE_COMMIT_RECORDS: '1000000',
  };
  return loadConfig({ environment });
}

/** Feeds, until whoever runs the stages has caught up with all of it. */
async function followed(log: Log, feed: () => Promise<void>): Promise<void> {
  const progress = new StageProgress(log, names.positions, flow(names), partitions);
  await feed();
  while (!(await progress.caughtUp())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Shows how much memory the process holds while it works. */
async function watched(work: () => Promise<void>): Promise<void> {
  const memory: number[] = [];
  const watch = setInterval(() => memory.push(ownMegabytes()), 200);
  await work();
  clearInterval(watch);
  const shown = Array.from({ length: 10 }, (_, tenth) => memory[Math.floor((tenth * memory.length) / 10)] ?? NaN);
  console.log(`  memory of its own, by tenths: ${shown.map((mb) => Math.round(mb)).join(' ')} MB`);
}

/** Resident memory without the pages of mapped files, which the system takes back when it likes. */
function ownMegabytes(): number {
  const found = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1] ?? NaN) / 1000;
}
