import { z } from 'zod';
import type { Hello } from '../../contract.ts';

const MAX_COIN_LENGTH = 512;

const coinId = z.string().min(1).max(MAX_COIN_LENGTH);

const hello = z.object({
  epoch: z.string().max(64).optional(),
  seq: z.int().nonnegative().optional(),
  coin: coinId.optional(),
});

/** What a client says at the handshake; anything malformed counts as a client that has nothing. */
export function parseHello(auth: unknown): Hello {
  const { success, data } = hello.safeParse(auth);
  if (!success) return {};
  const { epoch, seq, coin } = data;
  return {
    ...(epoch !== undefined && { epoch }),
    ...(seq !== undefined && { seq }),
    ...(coin !== undefined && { coin }),
  };
}

/** The coin to watch: an id, null for none, undefined where it is neither. */
export function parseWatch(coin: unknown): string | null | undefined {
  if (coin === null) return null;
  const { success, data } = coinId.safeParse(coin);
  return success ? data : undefined;
}
