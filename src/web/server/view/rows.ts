import type { IngestReport, StageReport } from '../../../streams/task/reports.ts';

/** Figures of declared features by name; null where a feature has no value. */
export type Figures = Readonly<Record<string, number | null>>;

/** A row of `pulse.prices_hourly` as it is published: times are RFC 3339 UTC. */
export interface PriceRow {
  readonly coin_id: string;
  readonly ts: string;
  readonly price: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly market_cap: number | null;
  readonly volume: number | null;
  readonly observations: number;
  readonly open_event_ts: string;
  readonly open_observed_at: string;
  readonly close_event_ts: string;
  readonly close_observed_at: string;
  readonly observed_at: string;
  readonly final: boolean;
}

/** A row of `pulse.features_hourly`; its features stand in `figures`. */
export interface FeatureHour {
  readonly coin_id: string;
  readonly ts: string;
  readonly price: number;
  readonly market_cap: number | null;
  readonly volume: number | null;
  readonly figures: Figures;
  readonly final: boolean;
}

/** A row of `pulse.top_movers_24h`; its features stand in `figures`. */
export interface Mover {
  readonly coin_id: string;
  readonly as_of: string;
  readonly price: number;
  readonly market_cap: number | null;
  readonly volume: number | null;
  readonly figures: Figures;
}

export type TaskReport = IngestReport | StageReport;

/** A row with the table that it is a row of. */
export type ViewRow =
  | { readonly table: 'prices'; readonly value: PriceRow }
  | { readonly table: 'features'; readonly value: FeatureHour }
  | { readonly table: 'movers'; readonly value: Mover }
  | { readonly table: 'tasks'; readonly value: TaskReport }
  | { readonly table: 'positions'; readonly value: { readonly position: unknown } };

export const isIngestReport = (report: TaskReport): report is IngestReport => report.task.startsWith('ingest|');
