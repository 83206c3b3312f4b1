/*
 * What both ends share about the pipeline itself. Times are milliseconds since the epoch unless a name says otherwise, and
 * everything that came out of a record is text to be shown as text: it may hold anything.
 */

/** Who reads a topic of the flow: its stages (the first also on what was forwarded), this server's view, the lake's sinks. */
export type Reader = 'combine' | 'combine-hot' | 'maintain' | 'page' | 'lake';

/** The pipeline at one moment. */
export interface Pipeline {
  /** By the server's clock. */
  readonly at: number;
  /** In the order of the flow. */
  readonly edges: readonly Edge[];
  /** Every partition of every stage, by stage and partition. */
  readonly tasks: readonly TaskFigures[];
  /** The newest first, at most {@link MAX_REBALANCES}. */
  readonly rebalances: readonly Rebalance[];
  /** Every partition of stage 1's input, in order. */
  readonly hotKeys: readonly HotPartitionFigures[];
  /** The newest first, at most {@link MAX_DECISIONS}. */
  readonly saltDecisions: readonly SaltDecision[];
  /** Dead letters that have come within {@link TREND_MS}, and their partitions as `GET /api/dead-letters` pages them. */
  readonly deadLettersLately: number | null;
  /** What lies on the server's disk; empty where it does not know. */
  readonly stores: readonly StoreSize[];
}

/** From the last step, through a topic, to one reader of it. A figure that can't be had is null. */
export interface Edge {
  /** The topic's name in its namespace. */
  readonly topic: string;
  /** Its name without the namespace. */
  readonly label: string;
  readonly reader: Reader;
  /** Records that come in a second, by the ends of its partitions. */
  readonly inPerSecond: number | null;
  /** Records that the reader takes a second, by its positions. */
  readonly outPerSecond: number | null;
  /** Records that it has not read yet. */
  readonly lag: number | null;
  /** How long ago the partitions ended where the reader is now: the longest of them. */
  readonly lagMs: number | null;
  /** It was longer ago than is remembered: `lagMs` is what it is at least. */
  readonly isLagMsLeast: boolean;
  /** The lag at {@link TREND_POINTS} moments of the last {@link TREND_MS}, the newest last. */
  readonly trend: readonly (number | null)[];
  /** Of the stage's commits, or of the way from the append into the page's view. */
  readonly p95Ms: number | null;
  /** How many that rests on. */
  readonly samples: number;
}

/** One partition of a stage's input, as its owner last reported. */
export interface TaskFigures {
  readonly stage: string;
  readonly topic: string;
  readonly partition: number;
  readonly owner: string;
  readonly reportedAt: number;
  /** Since the task's start. */
  readonly records: number;
  readonly perSecond: number | null;
  /** Records behind, by the partition's end and the committed position. */
  readonly lag: number;
  /** Of the time between its last two reports, the share that it was at work: 0 to 1. */
  readonly busy: number | null;
  readonly commitMs: number;
  readonly p95Ms: number | null;
}

/** A partition has another owner than before. */
export interface Rebalance {
  readonly at: number;
  readonly stage: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

/** What stage 1 knows of the keys that come in at one partition, by its last report. */
export interface HotPartitionFigures {
  readonly partition: number;
  readonly owner: string;
  readonly reportedAt: number;
  /** Records with a key that came in within the horizon of 10 s. */
  readonly records: number;
  /** Null where nothing came in. */
  readonly heaviest: KeyWeight | null;
  /** Those whose records are dealt out now. */
  readonly salted: readonly SaltedKeyFigures[];
  /** Records sent on to `pulse.hot` since the task's first start. */
  readonly forwarded: number;
  readonly forwardedPerSecond: number | null;
}

/** A key's share of its partition's records lies in `[least, most]`: counting in bounded memory has an error, and a bound. */
export interface KeyWeight {
  readonly key: string;
  readonly least: number;
  readonly most: number;
}

export interface SaltedKeyFigures {
  readonly key: string;
  /** Over how many partitions its records are dealt out. */
  readonly salts: number;
  /** Null where it is not among the heaviest any more. */
  readonly weight: KeyWeight | null;
}

/** A change of what is salted at one partition, by whoever works on it. */
export interface SaltDecision {
  readonly at: number;
  readonly partition: number;
  readonly owner: string;
  readonly kind: 'salt' | 'deal anew' | 'un-salt';
  /** What is salted since then; where nothing is, what was until then. */
  readonly keys: readonly { readonly key: string; readonly salts: number }[];
  /** Null where it went by the keys' shares alone. */
  readonly ground: {
    /** Work that came in within the horizon, for the busiest partition and the median, without salts, and as predicted. */
    readonly busiestMs: number;
    readonly medianMs: number;
    readonly predictedBusiestMs: number;
    readonly predictedMedianMs: number;
    /** What a record costs to work on, to forward, and to take out of its bundle. */
    readonly workUs: number;
    readonly sendUs: number;
    readonly receiveUs: number;
  } | null;
}

export interface StoreSize {
  readonly name: 'log' | 'state' | 'view';
  readonly bytes: number;
}

/** What of a topic somebody wants to see as it comes. */
export interface TailWish {
  /** Without the namespace. */
  readonly topic: string;
  /** Only records that hold this text in their key, their headers or the first {@link EXCERPT_BYTES} of their value. */
  readonly filter: string;
}

/** A record as it is shown. */
export interface ShownRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly headers: readonly (readonly [name: string, text: string])[];
  /** The beginning of it; null where it is a tombstone. */
  readonly value: string | null;
  /** How the value's bytes became text: as UTF-8, decoded from Avro, or byte by byte in hexadecimal. */
  readonly form: 'text' | 'avro' | 'hex';
  /** Of the value, as it lies in the topic. */
  readonly bytes: number;
}

/** What has come of a topic that a client follows. */
export interface TailFrame {
  readonly topic: string;
  /** The newest of them, ascending. */
  readonly records: readonly ShownRecord[];
  /** Records that nobody looked at: more came than are shown. */
  readonly skipped: number;
  /** Why nothing can be read just now. */
  readonly failure?: string;
}

export type TailAnswer =
  | ({ readonly kind: 'tail' } & TailFrame)
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string };

export type PipelineAnswer =
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string };

/** The answer to `GET /api/dead-letters`. */
export interface DeadLetters {
  /** The offsets `[start, end)` that each partition holds. */
  readonly partitions: readonly { readonly partition: number; readonly start: number; readonly end: number }[];
  /** The newest first. */
  readonly letters: readonly DeadLetter[];
  /** Where the next older page begins (`before`): an offset, or of all partitions `partition:offset,…`; null: there is none. */
  readonly next: number | string | null;
}

/** A record that could not be used. */
export interface DeadLetter extends ShownRecord {
  readonly reason: string;
  readonly error: string;
  /** Where it lay. */
  readonly from: { readonly topic: string; readonly partition: number | null; readonly offset: number | null };
  /** Where its bytes are, on this server. */
  readonly href: string;
}

export const MAX_REBALANCES = 50;
export const MAX_DECISIONS = 30;
export const TREND_MS = 300_000;
export const TREND_POINTS = 30;
export const EXCERPT_BYTES = 2048;
export const MAX_FILTER_LENGTH = 200;
