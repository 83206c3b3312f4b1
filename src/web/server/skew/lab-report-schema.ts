import { z } from 'zod';
import type { LabReport } from '../../../streams/skew-lab/lab-report.ts';
import { shownName } from '../records/shown-name.ts';

/*
 * Anybody can lay a file into the folder: what is served is of the shape that the lab writes, of finite numbers, bounded in
 * every length, and without a field that is not known.
 */

const MOST_TASKS = 256;
const MOST_WAVES = 1_000;
const MOST_BUCKETS = 1_000;
const MOST_KEYS = 256;

const amount = z.number().min(0);
const name = z.string().max(1_000).transform(shownName);
const some = <Each extends z.ZodType>(each: Each, most: number) => z.array(each).max(most);
const strategy = z.enum(['naive', 'salted', 'adaptive']);

const summary = z.object({
  ...{ min: amount, p25: amount, median: amount, p75: amount, max: amount, mean: amount, imbalance: amount },
  ratio: amount.nullable(),
});

const task = z.object({
  ...{ task: amount, records: amount, busyMs: amount, forwarded: amount, received: amount },
  busyMsByWave: some(amount, MOST_WAVES),
});

const spec = z.object({
  workload: z.enum(['aggregate', 'join']),
  popularity: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('zipf'), exponent: amount }),
    z.object({ kind: z.literal('hot'), share: amount }),
  ]),
  ...{ records: amount, keys: amount, tasks: amount, waves: amount, work: amount },
  ...{ shufflePartitions: amount, advisoryBytes: amount, seed: name },
});

const ofStrategy = z.object({
  strategy,
  tasks: some(task, MOST_TASKS).min(1),
  records: summary,
  busy: summary,
  waves: some(z.object({ startedMs: amount, tookMs: amount }), MOST_WAVES),
  makespan: z.object({
    ...{ measuredMs: amount, sampleMs: amount, reduceMs: amount },
    simulatedFromMeasuredCosts: some(z.object({ executors: amount, ms: amount }), 16),
  }),
  recordsPerSecond: amount,
  latency: z.object({
    ...{ p50: amount, p95: amount, p99: amount, max: amount },
    histogram: some(z.object({ upToMs: amount, records: amount }), MOST_BUCKETS),
  }),
  hop: z.object({
    ...{ records: amount, bytes: amount, bundles: amount, busyMs: amount },
    ...{ sendUs: amount.nullable(), receiveUs: amount.nullable() },
  }),
  salted: some(
    z.object({ key: name, home: amount, shares: some(z.object({ task: amount, share: amount }), MOST_TASKS) }),
    MOST_KEYS,
  ),
  decisions: some(
    z.object({
      kind: z.enum(['salt', 'deal anew', 'un-salt']),
      ...{ wave: amount, keys: some(name, MOST_KEYS), before: amount.nullable(), after: amount.nullable() },
    }),
    MOST_WAVES,
  ),
  replicas: amount,
  shuffle: z.object({ bytes: amount, partitions: amount, coalesced: amount, busy: summary }),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A report of the lab, as a file that anybody may have written holds it. */
export const labReportSchema: z.ZodType<LabReport> = z.object({
  spec,
  machine: z.object({ cores: amount, workers: amount, node: name }),
  recordBytes: amount,
  calibrated: z.object({ workUs: amount, sendUs: amount, receiveUs: amount }),
  strategies: some(ofStrategy, 3)
    .min(1)
    .refine((all) => new Set(all.map((each) => each.strategy)).size === all.length, 'a strategy is there twice'),
  isIdentical: z.boolean(),
});
