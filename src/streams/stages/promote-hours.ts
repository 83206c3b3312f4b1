import { counted } from '../../counted.ts';
import { PulseError } from '../../errors.ts';
import type { StateEnvironment } from '../../state/environment.ts';
import { hourKey } from '../3-silver/hour-json.ts';
import type { HourTables } from '../3-silver/hour-state.ts';
import type { StoredHour } from '../3-silver/stored-hour.ts';
import type { OutputRecord, TransactionalWriter } from '../log/log.ts';
import { jsonWriter } from '../rows/json-writer.ts';
import type { RowWriter } from '../rows/row-format.ts';
import type { TopicNames } from '../topics.ts';
import { hoursOf } from './hours-of.ts';
import { type Promotion, RebuiltHours } from './rebuilt-hours.ts';

export interface PromoteOptions {
  readonly promotion: Promotion;
  /** The live topics. */
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  readonly tables: HourTables;
  readonly partition: number;
  /** Where stage 2 stands; what it has not got to yet is in the rebuilt tables. */
  readonly offset: number;
  readonly writer: TransactionalWriter;
  readonly encode: RowWriter;
  /** Leaves off between two commits; it is run again from the start then. */
  readonly signal: AbortSignal;
  readonly onNotice: (what: string) => void;
}

const RECORDS_A_COMMIT = 5_000;

/**
 * Makes one partition of Silver, topic and state, what the rebuilt one is: publishes the rows that differ, and tombstones for
 * those that vanished. Gold follows from Silver. A crash on the way is made good by running it again: what has been
 * published does not differ any more. Rejects with `promotion-outdated` where quotes have been merged that were not rebuilt.
 */
export async function promoteHours(options: PromoteOptions): Promise<void> {
  const { promotion, partition, offset, onNotice } = options;
  if (offset > (promotion.positions[partition] ?? -1))
    throw new PulseError(
      'promotion-outdated',
      `partition ${partition} stands at ${offset}, and ${promotion.names.prices} was rebuilt up to ` +
        `${promotion.positions[partition]}: promote it again`,
    );
  const rebuilt = await RebuiltHours.load(promotion, options.state, partition);
  const sent = await publishDifferences(options, rebuilt);
  await rebuilt.forget();
  onNotice(`partition ${partition} of ${options.names.prices} is as rebuilt, ${counted(sent, 'row')} differed`);
}

/** What becomes of one coin. */
interface CoinPromotion {
  readonly coinId: string;
  readonly rebuilt: ReadonlyMap<number, StoredHour>;
  readonly records: readonly OutputRecord[];
  readonly changed: readonly StoredHour[];
  readonly vanished: readonly number[];
}

async function publishDifferences(options: PromoteOptions, rebuilt: RebuiltHours): Promise<number> {
  const { partition, tables, signal } = options;
  let sent = 0;
  let pending: CoinPromotion[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    sent += await publish(options, pending);
    [pending, size] = [[], 0];
  };
  const coins = new Set([...rebuilt.coins(), ...tables.coins.keys(partition)]);
  for (const coinId of coins) {
    if (signal.aborted) return sent;
    const promoted = promotionOf(options, rebuilt, coinId);
    if (promoted.records.length === 0) continue;
    pending.push(promoted);
    size += promoted.records.length;
    if (size >= RECORDS_A_COMMIT) await flush();
  }
  await flush();
  return sent;
}

function promotionOf(
  { names, partition, tables, encode }: PromoteOptions,
  table: RebuiltHours,
  coinId: string,
): CoinPromotion {
  const rebuilt = table.hours(coinId);
  const live = hoursOf(tables.hours, partition, coinId);
  const textOf = (row: StoredHour | undefined): string | undefined => row && jsonWriter.silver(coinId, row, row.final);
  const changed = [...rebuilt.values()].filter((row) => textOf(row) !== textOf(live.get(row.ts)));
  const vanished = [...live.keys()].filter((ts) => !rebuilt.has(ts));
  const record = (ts: number, value: OutputRecord['value']): OutputRecord => ({
    ...{ topic: names.prices, partition, value },
    key: hourKey(coinId, ts),
  });
  return {
    ...{ coinId, rebuilt, changed, vanished },
    records: [
      ...changed.map((row) => record(row.ts, encode.silver(coinId, row, row.final))),
      ...vanished.map((ts) => record(ts, null)),
    ],
  };
}

async function publish(options: PromoteOptions, coins: readonly CoinPromotion[]): Promise<number> {
  const { writer, state, partition, names } = options;
  const records = coins.flatMap((coin) => coin.records);
  if (records.length === 0) return 0;
  const result = await writer.commit(records);
  const applied = result.nextOffset(names.prices, partition);
  await state.transaction(() => {
    for (const coin of coins) store(options, coin);
    if (applied !== undefined) state.putMeta(partition, { applied });
  });
  return records.length;
}

function store({ tables, partition }: PromoteOptions, { coinId, rebuilt, changed, vanished }: CoinPromotion): void {
  for (const ts of vanished) tables.hours.remove(partition, coinId, ts);
  for (const row of changed) tables.hours.put(partition, coinId, row.ts, row);
  if (rebuilt.size === 0) return tables.coins.remove(partition, coinId, 0);
  const rows = [...rebuilt.values()];
  const most = (of: (row: StoredHour) => number): number =>
    rows.reduce((top, row) => Math.max(top, of(row)), -Infinity);
  tables.coins.put(partition, coinId, 0, { observedAt: most((row) => row.observedAt), newest: most((row) => row.ts) });
}
