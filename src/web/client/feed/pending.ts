import type { Batch, Closes, CoinName, HistoryChange, MarketRow, Snapshot } from '../../contract.ts';
import { withSpark } from '../market/spark.ts';

/**
 * What has come and is not shown yet: frames go in as they come, and out as one, so that a page that is painted less often
 * than it is told, or that somebody paused, has the latest value of everything and no queue. Its size is that of a snapshot.
 */
export class Pending {
  /** Where set, all that the page shows is to be replaced by what is in here. */
  snapshot: Snapshot | undefined;
  readonly rows = new Map<string, MarketRow>();
  readonly removed = new Set<string>();
  readonly names = new Map<string, CoinName>();
  /** In the order that they came; of one hour, the last counts. */
  histories: HistoryChange[] = [];
  closes: Closes[] = [];
  /** How many frames are in it. */
  frames = 0;

  takeSnapshot(snapshot: Snapshot): void {
    this.clear();
    this.snapshot = snapshot;
    this.frames = 1;
    for (const row of snapshot.coins) this.rows.set(row.coin, row);
    for (const name of snapshot.names) this.names.set(name.coin, name);
  }

  /** `shown` is the row that the page has: a row may leave out what does not differ from it. */
  takeBatch(batch: Batch, shown: (coin: string) => MarketRow | undefined): void {
    this.frames += 1;
    for (const row of batch.coins ?? []) {
      const before = this.removed.has(row.coin) ? undefined : (this.rows.get(row.coin) ?? shown(row.coin));
      this.rows.set(row.coin, withSpark(row, before));
      this.removed.delete(row.coin);
    }
    for (const coin of batch.removed ?? []) {
      this.rows.delete(coin);
      this.removed.add(coin);
    }
    for (const name of batch.names ?? []) this.names.set(name.coin, name);
    if (batch.history !== undefined) this.histories = mergedHistories(this.histories, batch.history);
    for (const change of batch.closes ?? []) this.closes = mergedCloses(this.closes, change);
  }

  /** Gives up what has come of a coin's history: an answer that is newer has it all. */
  forgetHistory(coin: string): void {
    this.histories = this.histories.filter((change) => change.coin !== coin);
  }

  /** The same for closes. */
  forgetCloses(coins: readonly string[]): void {
    this.closes = this.closes.filter(({ coin }) => !coins.includes(coin));
  }

  clear(): void {
    this.snapshot = undefined;
    this.rows.clear();
    this.removed.clear();
    this.names.clear();
    this.histories = [];
    this.closes = [];
    this.frames = 0;
  }
}

/** One change a coin, whatever the number of frames. */
function mergedHistories(before: readonly HistoryChange[], change: HistoryChange): HistoryChange[] {
  const last = before.find(({ coin }) => coin === change.coin);
  if (last === undefined || change.reset === true) return [...before.filter((other) => other !== last), change];
  const rows = new Map(last.rows.map((row) => [row.ts, row]));
  for (const row of change.rows) rows.set(row.ts, row);
  const removed = new Set(last.removed);
  for (const { ts } of change.rows) removed.delete(ts);
  for (const ts of change.removed ?? []) {
    rows.delete(ts);
    removed.add(ts);
  }
  const merged = {
    ...last,
    ...change,
    rows: [...rows.values()].sort((a, b) => a.ts - b.ts),
    removed: [...removed],
  };
  return [...before.filter((other) => other !== last), merged];
}

function mergedCloses(before: readonly Closes[], change: Closes): Closes[] {
  const last = before.find(({ coin }) => coin === change.coin);
  if (last === undefined || change.reset === true) return [...before.filter((other) => other !== last), change];
  const hours = [...new Map([...last.hours, ...change.hours])].sort(([a], [b]) => a - b);
  return [...before.filter((other) => other !== last), { ...last, hours }];
}
