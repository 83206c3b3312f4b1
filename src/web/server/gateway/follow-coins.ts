import { type CompareAnswer, MAX_COMPARED, type WatchAnswer } from '../../contract.ts';
import type { MarketView } from '../view/market-view.ts';
import type { Client } from './client.ts';
import { parseCompared, parseWatch } from './hello.ts';
import { refusals } from './refusals.ts';

/** Lets the client follow a coin's history in place of the one before, or none. */
export function followCoin(view: MarketView, client: Client, asked: unknown): WatchAnswer {
  const coin = parseWatch(asked);
  if (coin === undefined) return { kind: 'refused', reason: 'a coin is text of 1 to 512 characters' };
  if (client.behindSince !== undefined) return refusals.tooSlow;
  client.follow({ coin: coin ?? undefined });
  if (coin === null) return { kind: 'none' };
  const history = view.history(coin);
  return history === undefined ? { kind: 'unknown-coin' } : { kind: 'history', history };
}

/** Lets the client follow the closes of these coins in place of those before. */
export function followCloses(view: MarketView, client: Client, asked: unknown): CompareAnswer {
  const compared = parseCompared(asked);
  if (compared === undefined)
    return { kind: 'refused', reason: `compare at most ${MAX_COMPARED} coins, each text of 1 to 512 characters` };
  if (client.behindSince !== undefined) return refusals.tooSlow;
  client.follow({ compared });
  return { kind: 'closes', closes: compared.map((coin) => view.closes(coin)) };
}
