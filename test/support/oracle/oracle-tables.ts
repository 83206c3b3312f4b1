import { classifyRecord, type DeadLetterReason, type OracleTick } from './classify-record.ts';
import { featureRows, moverRow, type OracleFeatureRow, type OracleMoverRow } from './feature-rows.ts';
import { silverRows, type OracleSilverRow } from './silver-rows.ts';
import type { SourceRecord } from './source-record.ts';

/** Every record in is one of the three. */
export interface OracleCounts {
  readonly ticks: number;
  readonly noQuote: number;
  /** By reason; reasons that did not occur are absent. */
  readonly deadLetters: Readonly<Partial<Record<DeadLetterReason, number>>>;
}

/** A record that was set aside, by its place in the input. */
export interface OracleDeadLetter {
  readonly index: number;
  readonly reason: DeadLetterReason;
}

/** The latest row of every key. Silver and features by `coin id|hour`, movers by coin id; sorted by coin, then hour. */
export interface OracleTables {
  readonly silver: ReadonlyMap<string, OracleSilverRow>;
  readonly features: ReadonlyMap<string, OracleFeatureRow>;
  readonly movers: ReadonlyMap<string, OracleMoverRow>;
  readonly counts: OracleCounts;
  readonly deadLetters: readonly OracleDeadLetter[];
}

const GRACE_MS = 10 * 60_000;

/**
 * What every table must equal once all the records are in: a plain batch computation from sections 5 and 6 of the design,
 * which shares no code with the pipeline. It sorts all ticks, groups and loops; it knows nothing of increments.
 */
export function oracleTables(records: readonly SourceRecord[], graceMs: number = GRACE_MS): OracleTables {
  const coins = new Map<string, OracleTick[]>();
  const deadLetters: OracleDeadLetter[] = [];
  let noQuote = 0;
  records.forEach((record, index) => {
    const verdict = classifyRecord(record);
    if (verdict.kind === 'no-quote') noQuote += 1;
    else if (verdict.kind === 'dead-letter') deadLetters.push({ index, reason: verdict.reason });
    else addTo(coins, verdict.tick);
  });
  const ticks = records.length - noQuote - deadLetters.length;
  return { ...tablesOf(coins, graceMs), counts: { ticks, noQuote, deadLetters: byReason(deadLetters) }, deadLetters };
}

function tablesOf(coins: ReadonlyMap<string, readonly OracleTick[]>, graceMs: number) {
  const silver = new Map<string, OracleSilverRow>();
  const features = new Map<string, OracleFeatureRow>();
  const movers = new Map<string, OracleMoverRow>();
  for (const coinId of [...coins.keys()].sort()) {
    const rows = silverRows(coins.get(coinId) ?? [], graceMs);
    for (const row of rows) silver.set(`${coinId}|${row.ts}`, row);
    for (const row of featureRows(rows)) features.set(`${coinId}|${row.ts}`, row);
    movers.set(coinId, moverRow(rows));
  }
  return { silver, features, movers };
}

function addTo(coins: Map<string, OracleTick[]>, tick: OracleTick): void {
  const ticks = coins.get(tick.coinId);
  if (ticks === undefined) coins.set(tick.coinId, [tick]);
  else ticks.push(tick);
}

function byReason(deadLetters: readonly OracleDeadLetter[]): OracleCounts['deadLetters'] {
  const counts: Partial<Record<DeadLetterReason, number>> = {};
  for (const { reason } of deadLetters) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
