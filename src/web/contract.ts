import type { FeatureDeclaration } from '../streams/4-gold/feature.ts';
import type { IngestReport } from '../streams/task/reports.ts';
import type { Pipeline, PipelineAnswer, TailAnswer, TailFrame, TailWish } from './pipeline-contract.ts';
import type { PlayedReplay, Timelapse, TimelapseAnswer, TimelapseWish } from './replay-contract.ts';
import type { ViewStatus } from './view-status.ts';

/**
 * What both ends of the websocket share. A client connects with a {@link Hello} and gets a {@link Snapshot}, or the
 * {@link Batch} of what it missed; then a batch a flush, numbered without a gap. In a batch the latest value wins, and
 * applying one twice changes nothing. Times are milliseconds since the epoch unless a name says otherwise.
 */
export interface ServerToClient {
  snapshot(snapshot: Snapshot): void;
  batch(batch: Batch): void;
}

export interface ClientToServer {
  /** Follow one coin's history, or none. What comes after the answer is newer than the answer. */
  watch(coin: string | null, answer: (answer: WatchAnswer) => void): void;
  /** Follow the closes of these coins, at most {@link MAX_COMPARED}, in place of those before. */
  compare(coins: readonly string[], answer: (answer: CompareAnswer) => void): void;
  /** Follow the pipeline's figures, or no longer. */
  pipeline(follows: boolean, answer: (answer: PipelineAnswer) => void): void;
  /** Follow a topic's newest records in place of those before, or none. */
  tail(wish: TailWish | null, answer: (answer: TailAnswer) => void): void;
  /** Change how a time-lapse is played, for everyone who looks at it; refused where {@link Status.timelapse} is absent. */
  timelapse(wish: TimelapseWish, answer: (answer: TimelapseAnswer) => void): void;
}

/** The handshake's `auth`: where the client stopped, the coin that it watches, and those it compares that one with. */
export interface Hello {
  readonly epoch?: string;
  readonly seq?: number;
  readonly coin?: string;
  readonly compared?: readonly string[];
}

export type WatchAnswer =
  | { readonly kind: 'history'; readonly history: History }
  /** To null: no coin is followed. */
  | { readonly kind: 'none' }
  /** It is followed all the same: it may come. */
  | { readonly kind: 'unknown-coin' }
  | { readonly kind: 'refused'; readonly reason: string };

export type CompareAnswer =
  | { readonly kind: 'closes'; readonly closes: readonly Closes[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Snapshot {
  /** The server's life: sequence numbers mean nothing outside it. */
  readonly epoch: string;
  readonly seq: number;
  /** The server's clock. */
  readonly now: number;
  readonly columns: readonly Column[];
  readonly coins: readonly MarketRow[];
  /** Of the coins whose names are known. */
  readonly names: readonly CoinName[];
  readonly status: Status;
  /** Of the coin that the client watches, where there is such a coin. */
  readonly history?: History;
  /** Of the coins that the client compares. */
  readonly closes?: readonly Closes[];
}

/** The changes of the flushes `(since, seq]`; none, where only what this client follows has something new. */
export interface Batch {
  readonly since: number;
  readonly seq: number;
  readonly now: number;
  readonly coins?: readonly MarketRow[];
  readonly removed?: readonly string[];
  readonly names?: readonly CoinName[];
  readonly history?: HistoryChange;
  readonly closes?: readonly Closes[];
  readonly status?: Status;
  /** The whole of it, where it was measured anew and the client follows it. */
  readonly pipeline?: Pipeline;
  readonly tail?: TailFrame;
  /** Milliseconds between the append of the newest record in it and the flush. */
  readonly delayMs?: number;
}

/** A feature as the page needs it: the declaration without its function, and the table it is in. */
export interface Column extends Omit<FeatureDeclaration, 'of'> {
  readonly table: 'features' | 'movers';
}

/** What people call a coin, by its source's word; `symbol` as in BTC. */
export interface CoinName {
  readonly coin: string;
  readonly name: string;
  readonly symbol: string | null;
}

/** A coin at its newest hour. */
export interface MarketRow {
  readonly coin: string;
  /** Start of the hour. */
  readonly ts: number;
  readonly price: number;
  readonly marketCap: number | null;
  readonly volume: number | null;
  readonly final: boolean;
  /** When the newest quote in it was last updated, by its source's word; null until its Silver row is there. */
  readonly quotedAt: number | null;
  /** One figure a column, in the columns' order. */
  readonly values: readonly (number | null)[];
  /** The prices of the 24 hours up to `ts`; absent where only the newest differs from what was sent before. */
  readonly spark?: readonly (number | null)[];
}

/** One hour of a coin: its Silver row and its features together. */
export interface HistoryRow {
  readonly ts: number;
  readonly price: number;
  /** Null until the hour's Silver row is there. */
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly volume: number | null;
  readonly observations: number;
  readonly final: boolean;
  /** As in {@link MarketRow.values}; null for columns of the movers table. */
  readonly values: readonly (number | null)[];
}

/** A coin's newest hours, ascending; at most {@link MAX_HISTORY_HOURS} of them. */
export interface History {
  readonly coin: string;
  readonly rows: readonly HistoryRow[];
  /** There are older hours that are not in it. */
  readonly truncated: boolean;
}

/** `reset`: the rows replace what was there. */
export interface HistoryChange {
  readonly coin: string;
  readonly reset?: true;
  readonly rows: readonly HistoryRow[];
  readonly removed?: readonly number[];
  readonly truncated?: boolean;
}

/** Hours of a coin and their closes, ascending; null: the hour is gone. `reset`: they replace what was there. */
export interface Closes {
  readonly coin: string;
  readonly hours: readonly (readonly [ts: number, price: number | null])[];
  readonly reset?: true;
}

/** With how many coins a chart compares at most. */
export const MAX_COMPARED = 4;

/** Where the page's own pages are: the server answers each with the same file. */
export const pagePaths = ['/', '/pipeline', '/lake', '/skew', '/replay'] as const;

export type PagePath = (typeof pagePaths)[number];

/** About 10,000 points of a chart with seven series. */
export const MAX_HISTORY_HOURS = 1440;

/** The state of everything behind the figures. */
export interface Status {
  readonly namespace: string;
  /** The ingest that reported last; null before the first report. */
  readonly source: IngestReport | null;
  readonly stages: readonly StageStatus[];
  readonly view: ViewStatus;
  readonly deadLetters: number;
  /** Where this server plays a time-lapse. */
  readonly timelapse?: Timelapse;
  /** Where the namespace is a replay. */
  readonly replay?: PlayedReplay;
}

/** One stage over all its partitions. */
export interface StageStatus {
  readonly stage: string;
  readonly tasks: number;
  readonly records: number;
  /** Records not yet processed. */
  readonly lag: number;
  /** The slowest last commit. */
  readonly commitMs: number;
  /** The oldest of its tasks' last reports. */
  readonly reportedAt: number;
}

/** The answer to `GET /api/lake`: what the lake holds, and which files there are to take home. */
export interface Lake {
  readonly tables: readonly LakeTableState[];
  readonly downloads: readonly LakeDownload[];
  /** What of it could not be read. */
  readonly problems: readonly LakeProblem[];
}

export interface LakeProblem {
  /** The table or the copy, by its path in the data folder. */
  readonly name: string;
  /** Why, and what can be done. */
  readonly message: string;
}

export interface LakeColumn {
  readonly name: string;
  /** By its name in the Delta protocol: `string`, `long`, `double`, `boolean`, `timestamp` or `date`. */
  readonly type: string;
}

/** One Delta table at its newest version. */
export interface LakeTableState {
  /** Its folder in the data folder, such as `silver/prices_hourly`. */
  readonly name: string;
  readonly kind: 'append' | 'upsert' | 'overwrite';
  /** Null while nobody has written the table yet; the figures are zero then. */
  readonly version: number | null;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  /** The times of its first and last row; null where it has none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly columns: readonly LakeColumn[];
  /** When its newest version was committed. */
  readonly updatedAt: number | null;
}

/** A plain Parquet copy of a table, as it lies on the server's disk now. */
export interface LakeDownload {
  /** The file's name, such as `prices_hourly.parquet`. */
  readonly name: string;
  /** Where to get it, on this server. */
  readonly href: string;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly LakeColumn[];
  readonly from: number | null;
  readonly to: number | null;
  /** Of the file's bytes, in hexadecimal, as the download's ETag; null for the moment that it takes to know it. */
  readonly sha256: string | null;
  /** When it was written. */
  readonly updatedAt: number;
  /** A statement for DuckDB, in the folder that the file was downloaded to. */
  readonly duckdb: string;
}
