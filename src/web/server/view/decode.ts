import type { ViewKey } from '../../../state/view-store.ts';
import type { IngestReport, StageReport } from '../../../streams/task/reports.ts';
import { decodeHotKeys } from './decode-hot-keys.ts';
import { Fields, parseTime } from './fields.ts';
import type { FeatureHour, Figures, Mover, PriceRow, ViewRow } from './rows.ts';

/*
 * From the topics' JSON to the view's rows. Unknown fields are left out, a declared feature that is absent is null, and
 * whatever else isn't as published throws.
 */

/** The row of a value, and its key in the table; `key` is the record's. Throws an Error that says what is wrong. */
export type Decode<Row extends ViewRow = ViewRow> = (value: Buffer, key: string) => Row & { readonly key: ViewKey };

type Of<Table extends ViewRow['table']> = Extract<ViewRow, { readonly table: Table }>;

export const decodePrice: Decode<Of<'prices'>> = (bytes) => {
  const fields = Fields.parse(bytes);
  const value: PriceRow = {
    coin_id: fields.text('coin_id'),
    ts: fields.time('ts'),
    price: fields.number('price'),
    open: fields.number('open'),
    high: fields.number('high'),
    low: fields.number('low'),
    market_cap: fields.numberOrNull('market_cap'),
    volume: fields.numberOrNull('volume'),
    observations: fields.number('observations'),
    open_event_ts: fields.time('open_event_ts'),
    open_observed_at: fields.time('open_observed_at'),
    close_event_ts: fields.time('close_event_ts'),
    close_observed_at: fields.time('close_observed_at'),
    observed_at: fields.time('observed_at'),
    final: fields.boolean('final'),
  };
  return { table: 'prices', key: [value.coin_id, parseTime(value.ts)], value };
};

export function decodeFeature(bytes: Buffer, names: readonly string[]): ReturnType<Decode<Of<'features'>>> {
  const fields = Fields.parse(bytes);
  const value: FeatureHour = {
    coin_id: fields.text('coin_id'),
    ts: fields.time('ts'),
    price: fields.number('price'),
    market_cap: fields.numberOrNull('market_cap'),
    volume: fields.numberOrNull('volume'),
    figures: figures(fields, names),
    final: fields.boolean('final'),
  };
  return { table: 'features', key: [value.coin_id, parseTime(value.ts)], value };
}

export function decodeMover(bytes: Buffer, names: readonly string[]): ReturnType<Decode<Of<'movers'>>> {
  const fields = Fields.parse(bytes);
  const value: Mover = {
    coin_id: fields.text('coin_id'),
    as_of: fields.time('as_of'),
    price: fields.number('price'),
    market_cap: fields.numberOrNull('market_cap'),
    volume: fields.numberOrNull('volume'),
    figures: figures(fields, names),
  };
  return { table: 'movers', key: [value.coin_id], value };
}

const figures = (fields: Fields, names: readonly string[]): Figures =>
  Object.fromEntries(names.map((name) => [name, fields.numberOrNull(name)]));

export const decodeTask: Decode<Of<'tasks'>> = (bytes, key) => {
  const fields = Fields.parse(bytes);
  return {
    table: 'tasks',
    key: [key],
    value: key.startsWith('ingest|') ? ingestReport(fields, key) : stageReport(fields, key),
  };
};

const ingestReport = (fields: Fields, key: string): IngestReport => ({
  ...currency(fields.textOrNull('currency')),
  task: `ingest|${key.slice('ingest|'.length)}`,
  kind: fields.choice('kind', ['observed', 'played']),
  source: fields.choice('source', ['coingecko', 'recorded', 'simulated', 'replay']),
  state: fields.choice('state', ['starting', 'running', 'failing', 'ended']),
  reported_at: fields.time('reported_at'),
  last_success_at: fields.timeOrNull('last_success_at'),
  interval_ms: fields.numberOrNull('interval_ms'),
  event_time: fields.timeOrNull('event_time'),
  speed: fields.numberOrNull('speed'),
  records: fields.number('records'),
  progress: fields.numberOrNull('progress'),
  message: fields.textOrNull('message'),
});

const currency = (code: string | null): Pick<IngestReport, 'currency'> => (code === null ? {} : { currency: code });

const stageReport = (fields: Fields, key: string): StageReport => ({
  task: key,
  stage: fields.text('stage'),
  topic: fields.text('topic'),
  partition: fields.number('partition'),
  owner: fields.text('owner'),
  reported_at: fields.time('reported_at'),
  records: fields.number('records'),
  work_ms: fields.numberOrNull('work_ms') ?? 0,
  busy_ms: fields.number('busy_ms'),
  lag: fields.number('lag'),
  commit_ms: fields.number('commit_ms'),
  ...decodeHotKeys(fields),
});

/** Kept as it is: what a position holds is its stage's own. */
export const decodePosition: Decode<Of<'positions'>> = (bytes, key) => ({
  table: 'positions',
  key: [key],
  value: { position: JSON.parse(bytes.toString('utf8')) as unknown },
});
