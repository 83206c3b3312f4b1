import type { StateEnvironment } from '../../state/environment.ts';
import type { SilverRow } from '../3-silver/hour-row.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { Log, RecordBatch } from '../log/log.ts';
import type { RowReader } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { type ChangelogRecord, readChangelogRecord } from './changelog-record.ts';
import { removeHour } from './remove-hour.ts';
import { summarizeCoin, widen } from './summarize-coin.ts';
import { type UnreadableRow, UnreadableRows } from './unreadable-rows.ts';

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
 *
 * Resolves to the rows that can't be read and that no later one stands in for: of those, the tables hold whatever they held
 * before, and the next restoring begins with the first of them.
 */
export async function restoreHours(options: RestoreOptions): Promise<readonly UnreadableRow[]> {
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
  const unreadable = new UnreadableRows(partition);
  for await (const batch of log.read(at, usable ? applied : start, end)) {
    if (signal.aborted) break;
    await applyBatch(options, batch, unreadable);
  }
  return unreadable.all;
}

async function applyBatch(options: RestoreOptions, batch: RecordBatch, unreadable: UnreadableRows): Promise<void> {
  const { state, partition, rows, tables } = options;
  await rows.prepare(batch);
  await state.transaction(() => {
    for (const record of batch.records) {
      const read = readChangelogRecord(rows, record);
      unreadable.note(record, read);
      applyRecord(tables, partition, read);
    }
    state.putMeta(partition, { applied: Math.min(batch.nextOffset, unreadable.firstOffset) });
  });
}

function applyRecord(tables: HourTables, partition: number, read: ChangelogRecord): void {
  switch (read.kind) {
    case 'hour':
      return putHour(tables, partition, read.row);
    case 'removed':
      return removeHour(tables, partition, read.address);
    case 'nothing':
    case 'unreadable':
  }
}

function putHour(tables: HourTables, partition: number, { coinId, ...row }: SilverRow): void {
  const coin = tables.coins.get(partition, coinId, 0);
  // Most rows are of the newest quote of their coin: only of the others it is asked what they take the place of.
  const isOlder = coin !== undefined && row.observedAt < coin.observedAt;
  const before = isOlder ? tables.hours.get(partition, coinId, row.ts) : undefined;
  tables.hours.put(partition, coinId, row.ts, row);
  // What is promoted may have been seen earlier than what it takes the place of, which compaction may have removed or not.
  if (before !== undefined && before.observedAt === coin?.observedAt) summarizeCoin(tables, partition, coinId);
  else tables.coins.put(partition, coinId, 0, widen(coin, row));
}
