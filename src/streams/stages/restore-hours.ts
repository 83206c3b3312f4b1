import type { StateEnvironment } from '../../state/environment.ts';
import { PulseError } from '../../errors.ts';
import type { CoinSummary } from '../3-silver/coin-summary.ts';
import { parseHourKey } from '../3-silver/hour-json.ts';
import type { SilverRow } from '../3-silver/hour-row.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { Log, RecordBatch } from '../log/log.ts';
import type { LogRecord } from '../log/record.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';

export interface RestoreOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  readonly tables: HourTables;
  readonly rows: RowReader;
  readonly partition: number;
  /** Leaves off between two batches; the state says how far it has come. */
  readonly signal: AbortSignal;
  readonly onNotice: (what: string) => void;
}

/**
 * Reads the changelog (`pulse.prices_hourly`) from the offset that state has applied to its present end into the tables.
 * State that is ahead of the log, or of none, is rebuilt from the changelog's start. Call it after fencing: the end does
 * not move for this partition then.
 */
export async function restoreHours(options: RestoreOptions): Promise<void> {
  const { log, names, state, partition, signal, onNotice } = options;
  const at = { topic: names.prices, partition };
  const { start, end } = await log.bounds(at);
  const applied = state.meta(partition)?.applied;
  const usable = applied !== undefined && applied >= start && applied <= end;
  if (applied !== undefined && !usable)
    onNotice(
      `state of partition ${partition} stands at ${applied}, outside the log's [${start}, ${end}]: rebuilding it`,
    );
  if (!usable) await state.drop(partition);
  for await (const batch of log.read(at, usable ? applied : start, end)) {
    if (signal.aborted) return;
    await applyBatch(options, batch);
  }
}

async function applyBatch(options: RestoreOptions, batch: RecordBatch): Promise<void> {
  const { state, partition, rows } = options;
  await rows.prepare(batch);
  await state.transaction(() => {
    for (const record of batch.records) applyRecord(options, record);
    state.putMeta(partition, { applied: batch.nextOffset });
  });
}

function applyRecord({ tables, partition, names, rows }: RestoreOptions, record: LogRecord): void {
  try {
    if (record.value === null) removeHour(tables, partition, record);
    else putHour(tables, partition, rows.silver(record.value));
  } catch (cause) {
    if (!(cause instanceof PulseError)) throw cause;
    const where = `${names.prices}[${partition}] offset ${record.offset}`;
    throw new PulseError('log-corrupt', `the changelog at ${where} can't be read: ${cause.message}`, { cause });
  }
}

function putHour(tables: HourTables, partition: number, { coinId, ...row }: SilverRow): void {
  tables.hours.put(partition, coinId, row.ts, row);
  const before = tables.coins.get(partition, coinId, 0);
  tables.coins.put(partition, coinId, 0, widen(before, row));
}

function removeHour(tables: HourTables, partition: number, record: LogRecord): void {
  const { coinId, ts } = parseHourKey(record.key);
  tables.hours.remove(partition, coinId, ts);
  let summary: CoinSummary | undefined;
  tables.hours.visit(partition, coinId, -8.64e15, 8.64e15, (row) => (summary = widen(summary, row)));
  if (summary === undefined) tables.coins.remove(partition, coinId, 0);
  else tables.coins.put(partition, coinId, 0, summary);
}

const widen = (
  summary: CoinSummary | undefined,
  row: { readonly ts: number; readonly observedAt: number },
): CoinSummary => ({
  observedAt: Math.max(summary?.observedAt ?? -Infinity, row.observedAt),
  newest: Math.max(summary?.newest ?? -Infinity, row.ts),
});
