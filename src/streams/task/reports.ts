import type { HeavyHitter } from '../hot-keys/space-saving.ts';

/** What a namespace holds: quotes observed at their source, or played ones (recorded, simulated). They never mix. */
export type NamespaceKind = 'observed' | 'played';

/**
 * What an ingest says of itself in `pulse.tasks`, key `ingest|<source>`, about once a second while it runs. Times are
 * RFC 3339 UTC.
 */
export interface IngestReport {
  readonly task: `ingest|${string}`;
  readonly kind: NamespaceKind;
  readonly source: 'coingecko' | 'recorded' | 'simulated' | 'replay';
  readonly state: 'starting' | 'running' | 'failing' | 'ended';
  readonly reported_at: string;
  /** The last successful fetch of a live source; null before the first. */
  readonly last_success_at: string | null;
  /** The effective poll interval of a live source, in milliseconds; null for a played one. */
  readonly interval_ms: number | null;
  /** What a live source was asked to quote in, by its code (`usd`); absent where that is not known. */
  readonly currency?: string;
  /** Played sources: the event time reached, and the pace as a factor (null: as fast as possible). */
  readonly event_time: string | null;
  readonly speed: number | null;
  readonly records: number;
  /** 0 to 1 where the end is known. */
  readonly progress: number | null;
  /** A sentence for a person: why it is failing, what is backfilled, that the recording ended. */
  readonly message: string | null;
}

/** An idle task reports every 15 s: one that was silent for longer than this is nobody's, or in a long rebalance. */
export const TASK_SILENT_MS = 20_000;

/** What a stage's task says of itself in `pulse.tasks`, key `<stage>|<topic>|<partition>`, about once a second. */
export interface StageReport {
  readonly task: string;
  readonly stage: string;
  readonly topic: string;
  readonly partition: number;
  /** The instance that runs it. */
  readonly owner: string;
  readonly reported_at: string;
  readonly records: number;
  /** Milliseconds spent in the stage's operators since its start. */
  readonly work_ms: number;
  /** And in its commits. */
  readonly busy_ms: number;
  /** Records between its position and the partition's end. */
  readonly lag: number;
  /** Milliseconds that the last commit took, from its start to its durability. */
  readonly commit_ms: number;
  /** Stage 1: records that were sent on to `pulse.hot`, of all that came in. */
  readonly forwarded?: number;
  /** Stage 1: records with a coin that came in within the horizon, and the coins that most of them are of. */
  readonly horizon?: number;
  readonly heaviest?: readonly HeavyHitter[];
  /** Stage 1: the keys that are salted, and over how many partitions. */
  readonly salted?: readonly { readonly key: string; readonly salts: number }[];
  /** Stage 1: the last change of what is salted at this partition. */
  readonly decision?: HotDecision;
  /** Stage 1 on `pulse.hot`: records out of bundles. */
  readonly unbundled?: number;
}

/** A change of which keys are salted at a partition, and what it was made by. */
export interface HotDecision {
  readonly at: string;
  readonly kind: 'salt' | 'deal anew' | 'un-salt';
  /** What is salted since then; where nothing is, what was until then. */
  readonly keys: readonly { readonly key: string; readonly salts: number }[];
  /** Null where the keys' share of what comes in was all that it went by. */
  readonly ground: DecisionGround | null;
}

/** The numbers of a decision: milliseconds of work in the horizon, and microseconds that a record costs. */
export interface DecisionGround {
  /** Of the busiest partition and the median, without salts. */
  readonly busiest_ms: number;
  readonly median_ms: number;
  /** As they are predicted to be. */
  readonly predicted_busiest_ms: number;
  readonly predicted_median_ms: number;
  readonly work_us: number;
  /** The detour: to be forwarded, and to be taken out of its bundle. */
  readonly send_us: number;
  readonly receive_us: number;
}
