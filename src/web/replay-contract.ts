import type { DiffReport } from '../streams/replay/diff/diff-report.ts';
import type { DiffVerdict } from '../streams/replay/diff/diff-verdict.ts';
import type { PartitionProgress } from '../streams/replay/replay-progress.ts';
import type { ReplaySource } from '../streams/replay/replay-sources.ts';

/*
 * What the server tells of replays and of the time-lapse that it plays. Times are milliseconds since the epoch unless a name says
 * otherwise.
 */

/** How a time-lapse is doing. */
export interface Timelapse {
  /** The namespace whose history is played. */
  readonly of: string;
  /** When the first and the last of its quotes were seen. */
  readonly from: number;
  readonly to: number;
  /** The time that is played; null before the first quote. */
  readonly at: number | null;
  /** Event time per wall-clock time. */
  readonly speed: TimelapseSpeed;
  readonly isPaused: boolean;
  /**
   * `seeking`: quotes up to `target` come at once; `going-back`: the tables are made anew up to `target`, and this server ends and
   * comes again meanwhile; `ended`: the last quote has come.
   */
  readonly state: 'playing' | 'seeking' | 'going-back' | 'ended';
  /** The time that is sought; null where none is. */
  readonly target: number | null;
}

export type TimelapseSpeed = number | 'max';

/** The speeds that a page offers. */
export const timelapseSpeeds = [60, 600, 3600, 'max'] as const satisfies readonly TimelapseSpeed[];

export const FASTEST = 1_000_000;

export type TimelapseWish =
  | { readonly kind: 'pause'; readonly isPaused: boolean }
  | { readonly kind: 'speed'; readonly speed: TimelapseSpeed }
  /** Be at that time: forward at full speed, backward by making the tables anew. */
  | { readonly kind: 'seek'; readonly to: number };

export type TimelapseAnswer =
  { readonly kind: 'timelapse'; readonly timelapse: Timelapse } | { readonly kind: 'refused'; readonly reason: string };

/** What a namespace replays, as its own log tells. */
export interface PlayedReplay {
  readonly of: string;
  readonly from: ReplaySource;
  readonly startedAt: number;
  /** Null while it is not through. */
  readonly finishedAt: number | null;
}

/** The answer to `GET /api/replays`. */
export interface Replays {
  /** The namespace that they replay. */
  readonly of: string;
  /** The newest first. */
  readonly replays: readonly ReplayState[];
  readonly promotion: PromotionState | null;
  /** Namespaces that can't be read. */
  readonly problems: readonly { readonly namespace: string; readonly message: string }[];
}

/** A replay of this namespace, in a namespace of its own. */
export interface ReplayState extends PlayedReplay {
  readonly namespace: string;
  /** Offsets; what lies between them may be fewer records. */
  readonly partitions: readonly PartitionProgress[];
  readonly done: number;
  readonly total: number;
  /** Over the last seconds; null where that is not known. */
  readonly perSecond: number | null;
  readonly leftMs: number | null;
  /** When the quotes that it reads were seen; null before the first, and where nothing tells. */
  readonly eventTime: number | null;
  /** Whether a process works on it. */
  readonly isRunning: boolean;
  /** The newest comparison with the live tables since it was begun; null where there is none. */
  readonly diff: DiffState | null;
}

/** A comparison of two namespaces' tables: `a` is the live one. */
export interface DiffState extends DiffReport {
  readonly a: string;
  readonly b: string;
  readonly at: number;
  readonly verdict: DiffVerdict;
}

/** How far the newest promotion of rebuilt tables is. */
export interface PromotionState {
  /** Where the rebuilt tables lie. */
  readonly namespace: string;
  /** Partitions that are as rebuilt, of so many. */
  readonly done: number;
  readonly partitions: number;
}
