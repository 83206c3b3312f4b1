import type { Batch, Column, HistoryChange, MarketRow, Snapshot, Status } from '../../contract.ts';
import type { ChangeSet } from '../view/change-set.ts';
import type { MarketView } from '../view/market-view.ts';

/** With more changed hours than this, a coin's history is sent anew. */
const MAX_HOURS = 500;

export interface FrameSource {
  readonly epoch: string;
  readonly view: MarketView;
  readonly columns: readonly Column[];
  readonly status: () => Status;
  readonly now: () => number;
}

/** Everything, for a client that has nothing. */
export function snapshotOf(source: FrameSource, seq: number, coin: string | undefined): Snapshot {
  const { epoch, view, columns } = source;
  const coins = [...view.coins()].flatMap((id) => view.row(id) ?? []);
  const history = coin === undefined ? undefined : view.history(coin);
  return { epoch, seq, now: source.now(), columns, coins, status: source.status(), ...(history && { history }) };
}

/** What changed, with the values of this moment; `coin` is the one whose history the client follows. */
export function batchOf(
  source: FrameSource,
  changes: ChangeSet,
  range: { readonly since: number; readonly seq: number },
  coin: string | undefined,
): Batch {
  const coins: MarketRow[] = [];
  const removed: string[] = [];
  for (const [id, spark] of changes.coins) {
    const row = source.view.row(id, spark);
    if (row === undefined) removed.push(id);
    else coins.push(row);
  }
  const now = source.now();
  const history = coin === undefined ? undefined : historyChange(source.view, changes, coin);
  return {
    ...range,
    now,
    ...(coins.length > 0 && { coins }),
    ...(removed.length > 0 && { removed }),
    ...(history && { history }),
    ...(changes.status && { status: source.status() }),
    ...(changes.appendedAt > 0 && { delayMs: Math.max(0, now - changes.appendedAt) }),
  };
}

/** What changed of one coin's hours; undefined where nothing did. */
export function historyChange(view: MarketView, changes: ChangeSet, coin: string): HistoryChange | undefined {
  const hours = changes.hours.get(coin);
  if (hours === undefined) return undefined;
  if (hours.size > MAX_HOURS) return { ...(view.history(coin) ?? { coin, rows: [] }), reset: true };
  const sorted = [...hours].sort((a, b) => a - b).map((ts) => ({ ts, row: view.hour(coin, ts) }));
  const removed = sorted.filter(({ row }) => row === undefined).map(({ ts }) => ts);
  return { coin, rows: sorted.flatMap(({ row }) => row ?? []), ...(removed.length > 0 && { removed }) };
}
