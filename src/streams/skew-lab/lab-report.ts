import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import type { Strategy } from '../hot-keys/strategies.ts';
import type { LabSpec } from './lab-spec.ts';
import type { Summary } from './summary.ts';

/*
 * What the lab prints as JSON, and a page draws. Times are milliseconds unless the name says otherwise; arrays by task are in
 * the order of the tasks, those by wave in the order of the waves.
 */

/** A run of the lab. */
export interface LabReport {
  readonly spec: LabSpec;
  /** Where it ran. */
  readonly machine: Machine;
  /** Mean length of a record's value. */
  readonly recordBytes: number;
  /** What a record costs in processor time, measured beforehand. */
  readonly calibrated: RecordCosts;
  readonly strategies: readonly StrategyReport[];
  /** Whether all strategies came to the same result, byte for byte. */
  readonly isIdentical: boolean;
}

export interface Machine {
  readonly cores: number;
  readonly node: string;
  /** Threads that did the work, beside the one that told them what to do. */
  readonly workers: number;
}

/** What was measured of one strategy. */
export interface StrategyReport {
  readonly strategy: Strategy;
  /** For the sorted bars, and for the map of tasks and time. */
  readonly tasks: readonly TaskReport[];
  readonly records: Summary;
  /** Of `tasks[].busyMs`. */
  readonly busy: Summary;
  readonly waves: readonly { readonly startedMs: number; readonly tookMs: number }[];
  readonly makespan: Makespan;
  readonly recordsPerSecond: number;
  readonly latency: LatencyReport;
  readonly hop: HopReport;
  readonly salted: readonly SaltedReport[];
  readonly decisions: readonly DecisionReport[];
  /** Join: copies of the coin table's rows for salted keys, of the last plan. */
  readonly replicas: number;
  readonly shuffle: ShuffleReport;
  /** SHA-256 of the result's lines in order. */
  readonly hash: string;
}

export interface TaskReport {
  readonly task: number;
  /** Records that it worked on, whoever they came in at. */
  readonly records: number;
  /** Processor time of the threads that did its forwarding, receiving, working and committing. */
  readonly busyMs: number;
  readonly busyMsByWave: readonly number[];
  /** Records that it sent on, and that it got from others. */
  readonly forwarded: number;
  readonly received: number;
}

export interface Makespan {
  /** From the first look at the records to the last line of the result, on the workers that there were. */
  readonly measuredMs: number;
  /** Of that: the sample that hot keys are found by, and the merge of what the tasks handed on. */
  readonly sampleMs: number;
  readonly reduceMs: number;
  /** Computed from the measured steps by list scheduling, for executors that don't get in each other's way. */
  readonly simulatedFromMeasuredCosts: readonly { readonly executors: number; readonly ms: number }[];
}

/** How long records took from the beginning of their wave, when all of it is there, until they were worked on. */
export interface LatencyReport {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** For the CDF: records that took at most `upToMs`, and more than the bucket before. */
  readonly histogram: readonly { readonly upToMs: number; readonly records: number }[];
}

/** What the detour of forwarded records came to. */
export interface HopReport {
  readonly records: number;
  readonly bytes: number;
  readonly bundles: number;
  /** A record's, in microseconds; null where none was forwarded. */
  readonly sendUs: number | null;
  readonly receiveUs: number | null;
  readonly busyMs: number;
}

export interface SaltedReport {
  readonly key: string;
  readonly home: number;
  /** Where its records go, and which share of them. */
  readonly shares: readonly { readonly task: number; readonly share: number }[];
}

export interface DecisionReport {
  readonly kind: 'salt' | 'deal anew' | 'un-salt';
  /** It was made after this wave. */
  readonly wave: number;
  readonly keys: readonly string[];
  /** max/median without salts, and as predicted; null where the median is nought. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface ShuffleReport {
  readonly bytes: number;
  readonly partitions: number;
  /** Of what the merge worked on: fewer than `partitions` where small ones were coalesced. */
  readonly coalesced: number;
  readonly busy: Summary;
}
