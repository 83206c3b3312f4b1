import { mergeMap } from 'rxjs';
import type { StateEnvironment } from '../../state/environment.ts';
import { deadLetter } from '../2-bronze/dead-letter.ts';
import { hourKey } from '../3-silver/hour-json.ts';
import { HourState, hourTables } from '../3-silver/hour-state.ts';
import type { MaintainSpec } from '../3-silver/maintain-hours.ts';
import { reachOf } from '../4-gold/evaluate.ts';
import type { GoldChange, GoldSpec } from '../4-gold/roll-windows.ts';
import type { Log, OutputRecord } from '../log/log.ts';
import { maintain } from '../pipeline.ts';
import type { RowFormat, RowWriter } from '../rows/row-format.ts';
import type { Carried } from '../task/positions.ts';
import type { Stage, StagePartition } from '../task/stage.ts';
import type { TopicNames } from '../topics.ts';
import { declarationFingerprint } from './declaration-fingerprint.ts';
import { maintainShape } from './flow.ts';
import { OutputEnds } from './output-ends.ts';
import type { Promotion } from './rebuilt-hours.ts';
import { recoverHours, type RecoverOptions } from './recover-hours.ts';

export interface MaintainStageOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly state: StateEnvironment;
  /** How the rows lie in the topics. */
  readonly rows: RowFormat;
  readonly spec: MaintainSpec;
  readonly gold: GoldSpec;
  /** What takes the tables' place before anything more is processed, where that is under way. */
  readonly promotion?: Promotion | undefined;
  /** What to do about rows of the changelog that can't be read; `halt` unless said otherwise. */
  readonly onUnreadable?: RecoverOptions['onUnreadable'] | undefined;
  /** Told in a sentence when state is rebuilt or Gold is recomputed. */
  readonly onNotice: (what: string) => void;
}

/** Rows of a transaction of some 100 MB. A partial of a late hour reaches as many as the longest window has hours. */
const LARGEST_TRANSACTION = 360_000;

/** Stage 2 as tasks run it: state in LMDB, `pulse.prices_hourly` as its changelog. */
export const maintainStage = (options: MaintainStageOptions): Stage => ({
  ...maintainShape(options.names),
  largestCommit: Math.ceil(LARGEST_TRANSACTION / reachOf([...options.gold.features, ...options.gold.movers])),
  open: (partition) => openMaintain(options, partition),
  discard: (partition) => options.state.drop(partition),
});

function openMaintain(options: MaintainStageOptions, partition: number): StagePartition {
  const { log, names, state, spec, gold, onUnreadable = 'halt' } = options;
  const tables = hourTables(state);
  const hours = new HourState(tables, partition);
  const fingerprint = declarationFingerprint(spec, gold);
  const ends = new OutputEnds(names, partition);
  let deadLetters = 0;
  let rows: RowWriter | undefined;
  let promoted: Carried[string] | undefined;
  return {
    async recover({ offset, carried }, writer, signal) {
      deadLetters = Number(carried.dead_letters ?? 0);
      rows = await options.rows.writer();
      await ends.read(log);
      ends.refuseLostChangelog(carried);
      promoted = options.promotion?.id ?? carried.promotion;
      const promotion = promoted === carried.promotion ? undefined : options.promotion;
      const why = reasonToReconcile(carried, fingerprint, ends);
      const recovery = { ...options, tables, partition, offset, promotion, onUnreadable, why };
      const isPublished = await recoverHours({ ...recovery, writer, encode: rows, signal });
      if (signal.aborted) return undefined;
      if (isPublished) await ends.read(log);
      if (!isPublished && carried.fingerprint === fingerprint) return undefined;
      return promotion?.positions[partition] ?? offset;
    },
    operators: (commit) =>
      maintain(
        {
          spec,
          gold,
          state: hours,
          toRows: mergeMap((change) => {
            ends.add(change);
            return rowRecords(names, partition, change, recovered(rows));
          }),
          toDeadLetter: (rejected) => {
            deadLetters++;
            return deadLetter(names.deadLetters, rejected.record, { topic: names.partials, partition }, rejected);
          },
        },
        commit,
      ),
    carried: () => carriedOf(deadLetters, fingerprint, promoted, ends),
    async committed(result) {
      ends.committed(result);
      const applied = result.nextOffset(names.prices, partition);
      if (applied !== undefined) {
        await state.transaction(() => {
          hours.flush();
          state.putMeta(partition, { applied });
        });
        hours.clear();
      }
    },
  };
}

const carriedOf = (
  deadLetters: number,
  fingerprint: string,
  promotion: Carried[string] | undefined,
  ends: OutputEnds,
): Carried => ({
  ...{ dead_letters: deadLetters, fingerprint, ...ends.carried },
  ...(promotion !== undefined && { promotion }),
});

/** Why the published Gold rows have to be compared with those of today; undefined where they don't. */
function reasonToReconcile(carried: Carried, fingerprint: string, ends: OutputEnds): string | undefined {
  if (ends.isGoldLost(carried)) return 'published rows are gone';
  if (carried.fingerprint === undefined || carried.fingerprint === fingerprint) return undefined;
  return 'the declarations have changed';
}

function recovered(rows: RowWriter | undefined): RowWriter {
  if (rows === undefined) throw new Error('a stage processes only what comes after its recovery');
  return rows;
}

function rowRecords(names: TopicNames, partition: number, change: GoldChange, rows: RowWriter): OutputRecord[] {
  const { coinId, mover } = change;
  const records: OutputRecord[] = [];
  for (const { row } of change.hours)
    records.push({
      topic: names.prices,
      partition,
      key: hourKey(coinId, row.ts),
      value: rows.silver(coinId, row, row.final),
    });
  for (const row of change.features)
    records.push({ topic: names.features, partition, key: hourKey(coinId, row.ts), value: rows.features(row) });
  if (mover !== undefined) records.push({ topic: names.movers, partition, key: coinId, value: rows.mover(mover) });
  return records;
}
