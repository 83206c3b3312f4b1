import type { SaltedKey } from '../hot-keys/balance.ts';
import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import type { HeavyHitter } from '../hot-keys/space-saving.ts';
import type { Bundle } from './bundle.ts';
import type { RecordRange } from './input.ts';
import type { LatencyBucket } from './latency-histogram.ts';
import type { SharedBytes } from './shared-chunks.ts';
import type { ShuffleBlock } from './shuffle-block.ts';

/** What is salted at present. */
export interface Plan {
  readonly salted: readonly SaltedKey[];
}

interface TaskStep {
  readonly task: number;
  readonly plan: Plan;
}

/** The records of a wave that came in for a task, before anything is done with them: the salted ones are sent on. */
export interface ForwardStep extends TaskStep {
  readonly kind: 'forward';
  readonly wave: number;
  readonly records: RecordRange;
}

/** Work on records that came in for a task. */
export interface HomeStep extends TaskStep {
  readonly kind: 'home';
  readonly waveStartedAt: number;
  readonly records: RecordRange;
  /** Whether heavy hitters are looked for on the way. */
  readonly isWatched: boolean;
}

/** Work on records that another task has forwarded. */
export interface ReceivedStep extends TaskStep {
  readonly kind: 'received';
  readonly waveStartedAt: number;
  readonly bundles: readonly Bundle[];
}

/** The merge of what the tasks handed on for some partitions of the shuffle. */
export interface ReduceStep {
  readonly kind: 'reduce';
  /** The number of the group. */
  readonly task: number;
  readonly fetched: SharedBytes;
}

/** Compiles what will be run, and measures what a record costs. */
export interface CalibrateStep {
  readonly kind: 'calibrate';
}

/** What a thread is told to do; it does one step at a time, without a pause. */
export type Step = ForwardStep | HomeStep | ReceivedStep | ReduceStep | CalibrateStep;

interface Done {
  /** The processor time that the thread took for it. */
  readonly busyMs: number;
}

export interface Forwarded extends Done {
  readonly kind: 'forwarded';
  readonly bundles: readonly Bundle[];
  readonly stayed: RecordRange;
  readonly heaviest: readonly HeavyHitter[];
}

export interface Worked extends Done {
  readonly kind: 'worked';
  readonly records: number;
  /** Of `busyMs`, what taking records out of bundles took. */
  readonly receiveMs: number;
  readonly block: ShuffleBlock;
  readonly latency: readonly LatencyBucket[];
  readonly heaviest: readonly HeavyHitter[];
}

export interface Reduced extends Done {
  readonly kind: 'reduced';
  readonly lines: readonly string[];
  /** How many records the lines are made of. */
  readonly records: number;
}

export interface Calibrated extends Done {
  readonly kind: 'calibrated';
  readonly costs: RecordCosts;
}

export type StepDone = Forwarded | Worked | Reduced | Calibrated;
