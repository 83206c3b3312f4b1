import { Observable, type OperatorFunction } from 'rxjs';
import { into } from '../into.ts';
import { HOUR_MS, type HourMs } from '../time.ts';
import type { CoinChange, HourChange } from './coin-change.ts';
import { type HourFold, hourMerge } from './hour-merge.ts';
import type { AcceptedPartial, HourRow, Partial } from './hour-row.ts';
import type { HourState } from './hour-state.ts';
import type { StoredHour } from './stored-hour.ts';

export interface MaintainSpec {
  /** How long after its end an hour waits for late ticks before it is called final, in milliseconds. */
  readonly graceMs: number;
}

/** The partials of one coin since the last commit, merged by hour. */
type PendingHours = Map<HourMs, HourFold>;

/**
 * Merges partials into the hours in state, and at every `commit` emits each changed coin once, with the rows staged.
 *
 * An hour is final once the coin's largest observed at passes its end plus the grace; where that maximum advances, the
 * hours that become final count as changed. Partials of the same hour are merged first, so that a commit reads and
 * writes an hour once, however many partials it got.
 */
export const maintainHours =
  (spec: MaintainSpec, state: HourState, commit: Observable<unknown>): OperatorFunction<AcceptedPartial, CoinChange> =>
  (partials) =>
    new Observable((subscriber) => {
      const pending = new Map<string, PendingHours>();
      const apply = (): void => {
        for (const [coinId, hours] of pending) subscriber.next(applyCoin(spec, state, coinId, hours));
        pending.clear();
      };
      const subscription = commit.subscribe(into(subscriber, apply));
      subscription.add(partials.subscribe(into(subscriber, ({ partial }) => addPartial(pending, partial))));
      return subscription;
    });

function addPartial(pending: Map<string, PendingHours>, partial: Partial): void {
  const { coinId, ...row } = partial;
  let hours = pending.get(coinId);
  if (hours === undefined) pending.set(coinId, (hours = new Map<HourMs, HourFold>()));
  const fold = hours.get(row.ts);
  if (fold === undefined) hours.set(row.ts, row);
  else hourMerge.combine(fold, row);
}

function applyCoin(spec: MaintainSpec, state: HourState, coinId: string, pending: PendingHours): CoinChange {
  const before = state.coin(coinId);
  let observedAt = before?.observedAt ?? -Infinity;
  let newest = before?.newest ?? -Infinity;
  for (const fold of pending.values()) {
    observedAt = Math.max(observedAt, fold.observedAt);
    newest = Math.max(newest, fold.ts);
  }
  const changes: HourChange[] = [];
  for (const fold of pending.values()) changes.push(mergeHour(spec, state, coinId, fold, observedAt));
  if (before !== undefined && observedAt > before.observedAt)
    finalize(spec, state, coinId, before.observedAt, observedAt, pending, changes);
  for (const { row } of changes) state.hours.put(coinId, row.ts, row);
  state.putCoin(coinId, { observedAt, newest });
  changes.sort((a, b) => a.row.ts - b.row.ts);
  return { coinId, hours: changes, newest };
}

function mergeHour(
  spec: MaintainSpec,
  state: HourState,
  coinId: string,
  fold: HourFold,
  observedAt: number,
): HourChange {
  const before = state.hours.get(coinId, fold.ts);
  if (before !== undefined) hourMerge.combine(fold, before);
  const row: StoredHour = { ...fold, final: isFinal(spec, fold, observedAt) };
  const reaches =
    before === undefined || before.price !== row.price || before.high !== row.high || before.low !== row.low;
  return { row, reaches };
}

/** Adds the stored hours whose end plus grace lies in `[was, is)`: the maximum has just passed them. */
function finalize(
  spec: MaintainSpec,
  state: HourState,
  coinId: string,
  was: number,
  is: number,
  pending: PendingHours,
  changes: HourChange[],
): void {
  const wait = HOUR_MS + spec.graceMs;
  state.hours.visit(coinId, was - wait, is - wait, (row) => {
    if (!pending.has(row.ts)) changes.push({ row: { ...row, final: true }, reaches: false });
  });
}

/** `observedAt` is the coin's largest. */
export const isFinal = (spec: MaintainSpec, row: HourRow, observedAt: number): boolean =>
  observedAt > row.ts + HOUR_MS + spec.graceMs;
