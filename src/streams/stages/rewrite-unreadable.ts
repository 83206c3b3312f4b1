import type { StateEnvironment } from '../../state/environment.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { OutputRecord, TransactionalWriter } from '../log/log.ts';
import type { RowWriter } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { addressOf } from './changelog-record.ts';
import { removeHour } from './remove-hour.ts';
import type { UnreadableRow } from './unreadable-rows.ts';

export interface RewriteOptions {
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  readonly tables: HourTables;
  readonly partition: number;
  readonly writer: TransactionalWriter;
  readonly encode: RowWriter;
}

/** Takes rows that can't be read for absent ones: state may hold what was there before them. */
export async function forgetUnreadable(
  { state, tables, partition }: Omit<RewriteOptions, 'writer' | 'encode'>,
  rows: readonly UnreadableRow[],
): Promise<void> {
  await state.transaction(() => {
    for (const { key } of rows) {
      const address = addressOf(key);
      if (address !== undefined) removeHour(tables, partition, address);
    }
  });
}

/** Makes the changelog one that can be read: in every such row's place comes what state holds of it, or a tombstone. */
export async function rewriteUnreadable(options: RewriteOptions, rows: readonly UnreadableRow[]): Promise<void> {
  const { names, partition, state, writer } = options;
  if (rows.length === 0) return;
  const topic = names.prices;
  const records = rows.map(({ key }): OutputRecord => ({ topic, partition, key, value: valueOf(options, key) }));
  const applied = (await writer.commit(records)).nextOffset(topic, partition);
  await state.transaction(() => {
    if (applied !== undefined) state.putMeta(partition, { applied });
  });
}

function valueOf({ tables, partition, encode }: RewriteOptions, key: Buffer): OutputRecord['value'] {
  const address = addressOf(key);
  const hour = address && tables.hours.get(partition, address.coinId, address.ts);
  return address === undefined || hour === undefined ? null : encode.silver(address.coinId, hour, hour.final);
}
