/**
 * How fast the embedded log appends and reads records of the size of a market quote (850 bytes), and how long it holds
 * up the event loop. Run with `npx tsx test/bench/log.ts [records]`.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import type { OutputRecord } from '../../src/streams/log/log.ts';

const TOPIC = 'coingecko.markets';
const PARTITIONS = 4;
const VALUE_BYTES = 850;
const PER_COMMIT = 5000;
const records = Number(process.argv[2] ?? 1_000_000);

const value = Buffer.alloc(VALUE_BYTES, 'x');
const observedAt = '2023-12-01T00:00:00.000Z';
const commitOf = (size: number): readonly OutputRecord[] =>
  Array.from({ length: size }, (_, i) => ({
    topic: TOPIC,
    partition: i % PARTITIONS,
    key: `coin-${i % 100}`,
    value,
    headers: { observed_at: observedAt, source: 'simulated' },
  }));

const rate = (count: number, ms: number): string => `${Math.round((count / ms) * 1000).toLocaleString('en')} records/s`;

async function append(log: LocalLog, total: number, inFlight: number): Promise<number> {
  const commit = commitOf(PER_COMMIT);
  const started = performance.now();
  let left = Math.ceil(total / PER_COMMIT);
  const worker = async (): Promise<void> => {
    while (left-- > 0) await log.append(commit);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return performance.now() - started;
}

async function readAll(log: LocalLog): Promise<{ readonly ms: number; readonly count: number }> {
  const started = performance.now();
  let count = 0;
  let bytes = 0;
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for await (const batch of log.read({ topic: TOPIC, partition }, 0, Infinity)) {
      for (const record of batch.records) {
        bytes += (record.value?.length ?? 0) + (record.header('observed_at')?.length ?? 0);
        count++;
      }
    }
  }
  if (bytes !== count * (VALUE_BYTES + observedAt.length)) throw new Error('records were read that were not appended');
  return { ms: performance.now() - started, count };
}

async function small(log: LocalLog, commits: number): Promise<number> {
  const writer = await log.writer('bench');
  const started = performance.now();
  for (let i = 0; i < commits; i++) await writer.commit(commitOf(1));
  return (performance.now() - started) / commits;
}

/** The resident size counts the mapped file's pages, which the kernel keeps for as long as nobody else wants the memory. */
function memory(): string {
  const { rss, heapTotal, external } = process.memoryUsage();
  const own = /^RssAnon:\s+(\d+) kB$/m.exec(readStatus())?.[1];
  const sizes = [`resident ${mebibytes(rss)}`, `heap ${mebibytes(heapTotal)}`, `external ${mebibytes(external)}`];
  return [...sizes, ...(own === undefined ? [] : [`not of the file ${mebibytes(Number(own) * 1024)}`])].join(', ');
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

const path = await mkdtemp(join(tmpdir(), 'pulse-bench-log-'));
const loop = monitorEventLoopDelay({ resolution: 1 });
try {
  const log = await openEmbeddedLog({ path, mode: 'write' });
  await log.topics.ensure([{ name: TOPIC, partitions: PARTITIONS, cleanup: { kind: 'purge' } }]);
  loop.enable();
  for (const inFlight of [1, 2]) {
    const ms = await append(log, records, inFlight);
    const held = `event loop held up ${(loop.max / 1e6).toFixed(0)} ms at most, ${(loop.percentile(99) / 1e6).toFixed(1)} ms p99`;
    console.log(`append, ${inFlight} commits of ${PER_COMMIT} in flight: ${rate(records, ms)}; ${held}`);
    loop.reset();
  }
  for (const round of ['cold', 'warm']) {
    const { ms, count } = await readAll(log);
    console.log(`read, ${round}: ${rate(count, ms)}; event loop held up ${(loop.max / 1e6).toFixed(0)} ms at most`);
    loop.reset();
  }
  console.log(`commit of one record: ${(await small(log, 500)).toFixed(2)} ms`);
  console.log(`file: ${((await stat(join(path, 'data.mdb'))).size / 2 ** 20).toFixed(0)} MiB`);
  console.log(`memory: ${memory()}`);
  await log.close();
} finally {
  await rm(path, { recursive: true });
}
