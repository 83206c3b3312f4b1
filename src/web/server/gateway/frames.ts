import type { Batch, Closes, Column, HistoryChange, MarketRow, Snapshot, Status } from '../../contract.ts';
import type { ChangeSet } from '../view/change-set.ts';
import type { CoinNames } from '../view/coin-names.ts';
import type { Pipeline, TailFrame, TailWish } from '../../pipeline-contract.ts';
import type { MarketView } from '../view/market-view.ts';
import type { Following } from './client.ts';

/** With more changed hours than this, a coin's history is sent anew. */
const MAX_HOURS = 500;

export interface FrameSource {
  readonly epoch: string;
  readonly view: MarketView;
  readonly names: CoinNames;
  readonly columns: readonly Column[];
  readonly status: () => Status;
  readonly now: () => number;
}

/** What there is to tell of the flow at a flush, beside the numbered changes of the market. */
export interface FlowNews {
  readonly pipeline: Pipeline | undefined;
  readonly tail: (wish: TailWish) => TailFrame | undefined;
}

export const noNews: FlowNews = { pipeline: undefined, tail: () => undefined };

/** The whole market, for clients that have nothing: the same for all of them. */
export function marketSnapshot(source: FrameSource, seq: number): Snapshot {
  const { epoch, view, names, columns } = source;
  const coins = [...view.coins()].flatMap((id) => view.row(id) ?? []);
  return { epoch, seq, columns, coins, now: source.now(), names: names.all(), status: source.status() };
}

/** What a client follows beside it. */
export function followedSnapshot(
  view: MarketView,
  { coin, compared }: Pick<Following, 'coin' | 'compared'>,
): Pick<Snapshot, 'history' | 'closes'> {
  const history = coin === undefined ? undefined : view.history(coin);
  return {
    ...(history && { history }),
    ...(compared.length > 0 && { closes: compared.map((id) => view.closes(id)) }),
  };
}

/** What changed of the market, with the values of this moment: the same for every client. */
export function marketBatch(
  source: FrameSource,
  changes: ChangeSet,
  range: { readonly since: number; readonly seq: number },
): Batch {
  const coins: MarketRow[] = [];
  const removed: string[] = [];
  for (const [id, spark] of changes.coins) {
    const row = source.view.row(id, spark);
    if (row === undefined) removed.push(id);
    else coins.push(row);
  }
  const named = [...changes.names].flatMap((coin) => source.names.get(coin) ?? []);
  const now = source.now();
  return {
    ...range,
    now,
    ...(coins.length > 0 && { coins }),
    ...(removed.length > 0 && { removed }),
    ...(named.length > 0 && { names: named }),
    ...(changes.status && { status: source.status() }),
    ...(changes.appendedAt > 0 && { delayMs: Math.max(0, now - changes.appendedAt) }),
  };
}

/** What changed of that which a client follows; undefined where nothing did. */
export function followedChange(
  view: MarketView,
  changes: ChangeSet,
  news: FlowNews,
  following: Following,
): Pick<Batch, 'history' | 'closes' | 'pipeline' | 'tail'> | undefined {
  const { coin, compared } = following;
  const history = coin === undefined ? undefined : historyChange(view, changes, coin);
  const closes = compared.flatMap((id) => closesChange(view, changes, id) ?? []);
  const pipeline = following.pipeline ? news.pipeline : undefined;
  const tail = following.tail && news.tail(following.tail);
  if (history === undefined && closes.length === 0 && pipeline === undefined && tail === undefined) return undefined;
  return {
    ...(history && { history }),
    ...(closes.length > 0 && { closes }),
    ...(pipeline && { pipeline }),
    ...(tail && { tail }),
  };
}

function historyChange(view: MarketView, changes: ChangeSet, coin: string): HistoryChange | undefined {
  const hours = changes.hours.get(coin);
  if (hours === undefined) return undefined;
  if (hours.size > MAX_HOURS) return { ...(view.history(coin) ?? { coin, rows: [] }), reset: true };
  const sorted = [...hours].sort((a, b) => a - b).map((ts) => ({ ts, row: view.hour(coin, ts) }));
  const removed = sorted.filter(({ row }) => row === undefined).map(({ ts }) => ts);
  return { coin, rows: sorted.flatMap(({ row }) => row ?? []), ...(removed.length > 0 && { removed }) };
}

function closesChange(view: MarketView, changes: ChangeSet, coin: string): Closes | undefined {
  const hours = changes.hours.get(coin);
  if (hours === undefined) return undefined;
  if (hours.size > MAX_HOURS) return view.closes(coin);
  return {
    coin,
    hours: [...hours].sort((a, b) => a - b).map((ts) => [ts, view.hour(coin, ts)?.price ?? null] as const),
  };
}
