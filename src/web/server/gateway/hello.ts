import { z } from 'zod';
import { type Hello, MAX_COMPARED } from '../../contract.ts';
import { MAX_FILTER_LENGTH, type TailWish } from '../../pipeline-contract.ts';

const MAX_COIN_LENGTH = 512;

const coinId = z.string().min(1).max(MAX_COIN_LENGTH);

const comparedCoins = z.array(coinId).max(MAX_COMPARED);

const tailWish = z.object({ topic: z.string().min(1).max(249), filter: z.string().max(MAX_FILTER_LENGTH) });

const hello = z.object({
  epoch: z.string().max(64).optional(),
  seq: z.int().nonnegative().optional(),
  coin: coinId.optional(),
  compared: comparedCoins.optional(),
});

/** What a client says at the handshake; anything malformed counts as a client that has nothing. */
export function parseHello(auth: unknown): Hello {
  const { success, data } = hello.safeParse(auth);
  if (!success) return {};
  const { epoch, seq, coin, compared } = data;
  return {
    ...(epoch !== undefined && { epoch }),
    ...(seq !== undefined && { seq }),
    ...(coin !== undefined && { coin }),
    ...(compared !== undefined && { compared }),
  };
}

/** The coin to watch: an id, null for none, undefined where it is neither. */
export function parseWatch(coin: unknown): string | null | undefined {
  if (coin === null) return null;
  const { success, data } = coinId.safeParse(coin);
  return success ? data : undefined;
}

/** The coins to compare, each once; undefined where they are no such list. */
export function parseCompared(coins: unknown): readonly string[] | undefined {
  const { success, data } = comparedCoins.safeParse(coins);
  return success ? [...new Set(data)] : undefined;
}

/** The topic to follow, null for none, undefined where it is neither. */
export function parseTail(wish: unknown): TailWish | null | undefined {
  if (wish === null) return null;
  const { success, data } = tailWish.safeParse(wish);
  return success ? data : undefined;
}
