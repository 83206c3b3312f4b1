import { counted } from '../../counted.ts';
import type { StateEnvironment } from '../../state/environment.ts';
import { hourKey } from '../3-silver/hour-json.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import { isFinal, type MaintainSpec } from '../3-silver/maintain-hours.ts';
import type { StoredHour } from '../3-silver/stored-hour.ts';
import { createRoller, type GoldSpec } from '../4-gold/roll-windows.ts';
import type { Log, OutputRecord, TransactionalWriter } from '../log/log.ts';
import type { Bytes } from '../log/record.ts';
import { jsonWriter } from '../rows/json-writer.ts';
import type { RowReader, RowWriter } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { PublishedRows } from './published-rows.ts';

export interface ReconcileOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  readonly tables: HourTables;
  readonly partition: number;
  readonly writer: TransactionalWriter;
  readonly rows: RowReader;
  readonly encode: RowWriter;
  readonly spec: MaintainSpec;
  readonly gold: GoldSpec;
  /** What a person is told of it. */
  readonly why: string;
  /** State has applied no more of the changelog than this, whatever is published: the rows from there on are to be read again. */
  readonly appliedAtMost?: number | undefined;
  /** Leaves off between two coins; it is run again from the start then. */
  readonly signal: AbortSignal;
  readonly onNotice: (what: string) => void;
}

const RECORDS_A_COMMIT = 5_000;
const EVER = 8.64e15;

/**
 * After the declarations changed, or published rows were lost: computes the partition's rows anew from Silver's hours, and
 * publishes those that differ from what the topics hold, with tombstones for Gold rows that no hour stands behind. Rows
 * differ in what they say, not in the format that says it. A crash on the way is made good by running it again: what has
 * been published does not differ any more.
 */
export async function reconcileDeclarations(options: ReconcileOptions): Promise<void> {
  const { partition, tables, why, signal, onNotice } = options;
  const published = await PublishedRows.load(options);
  let sent = 0;
  let pending: CoinRows[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    sent += await publish(options, pending);
    pending = [];
    size = 0;
  };
  for (const coinId of tables.coins.keys(partition)) {
    if (signal.aborted) return;
    const rows = changedRows(options, published, coinId);
    pending.push(rows);
    size += rows.records.length;
    if (size >= RECORDS_A_COMMIT) await flush();
  }
  pending.push({ records: published.orphans(tables), coinId: '', hours: [] });
  await flush();
  await published.forget();
  onNotice(`${why}: partition ${partition} was computed anew, ${counted(sent, 'row')} differed`);
}

/** What a coin has to publish, and the hours that state has to take with it. */
interface CoinRows {
  readonly coinId: string;
  readonly records: readonly OutputRecord[];
  readonly hours: readonly StoredHour[];
}

function changedRows(options: ReconcileOptions, published: PublishedRows, coinId: string): CoinRows {
  const { names, partition, tables, spec, gold, encode } = options;
  const summary = tables.coins.get(partition, coinId, 0) ?? { observedAt: -Infinity, newest: -Infinity };
  const rows: StoredHour[] = [];
  const hours: StoredHour[] = [];
  tables.hours.visit(partition, coinId, -EVER, EVER, (before) => {
    const row = { ...before, final: isFinal(spec, before, summary.observedAt) };
    rows.push(row);
    if (row.final !== before.final) hours.push(row);
  });
  const roll = createRoller(gold, {
    visit: (_, from, to, visitor) => rows.filter(({ ts }) => ts >= from && ts < to).forEach(visitor),
  });
  const change = roll({ coinId, newest: summary.newest, hours: rows.map((row) => ({ row, reaches: true })) });
  const records: OutputRecord[] = hours.map((row) => ({
    topic: names.prices,
    partition,
    key: hourKey(coinId, row.ts),
    value: encode.silver(coinId, row, row.final),
  }));
  const offer = (topic: string, key: string, json: string, value: () => Bytes): void => {
    if (published.value(topic, key) !== json) records.push({ topic, partition, key, value: value() });
  };
  for (const row of change.features)
    offer(names.features, hourKey(coinId, row.ts), jsonWriter.features(row), () => encode.features(row));
  const { mover } = change;
  if (mover !== undefined) offer(names.movers, coinId, jsonWriter.mover(mover), () => encode.mover(mover));
  return { coinId, records, hours };
}

async function publish(options: ReconcileOptions, coins: readonly CoinRows[]): Promise<number> {
  const { writer, state, tables, partition, names, appliedAtMost = Infinity } = options;
  const records = coins.flatMap((coin) => coin.records);
  if (records.length === 0) return 0;
  const result = await writer.commit(records);
  const applied = result.nextOffset(names.prices, partition);
  if (applied !== undefined)
    await state.transaction(() => {
      for (const { coinId, hours } of coins) for (const row of hours) tables.hours.put(partition, coinId, row.ts, row);
      state.putMeta(partition, { applied: Math.min(applied, appliedAtMost) });
    });
  return records.length;
}
