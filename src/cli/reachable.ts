import { coingeckoAccess } from '../streams/1-ingest/coingecko/access.ts';
import { jsonOf } from '../streams/1-ingest/coingecko/answer.ts';
import { httpGet } from '../streams/1-ingest/coingecko/http-get.ts';
import { SourceError } from '../streams/1-ingest/coingecko/source-error.ts';
import type { Context } from './context.ts';

const PATIENCE_MS = 4_000;
const TOO_MANY_REQUESTS = 429;

/** What comes back from CoinGecko's API: an answer, a refusal (of the key, say), or nothing that is of use. */
export type Reach = { readonly kind: 'answers' } | { readonly kind: 'refuses' | 'unreachable'; readonly why: string };

/**
 * Asks whether CoinGecko is there, once and for a few seconds. A proxy's or CDN's error page is no CoinGecko; one that has
 * been asked too often is there.
 */
export async function reachCoingecko(context: Context): Promise<Reach> {
  const access = accessOf(context);
  try {
    const url = `${access.baseUrl}/ping`;
    const answer = await httpGet(url, { headers: access.headers, timeoutMs: PATIENCE_MS, signal: context.signal });
    jsonOf(answer, url, context.clock.now());
    return { kind: 'answers' };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.status === TOO_MANY_REQUESTS) return { kind: 'answers' };
    const kind = error.code === 'source-rejected' ? 'refuses' : 'unreachable';
    return { kind, why: access.redact(error.message) };
  }
}

/** Where CoinGecko is asked, and as whom. */
export const accessOf = ({ config }: Context): ReturnType<typeof coingeckoAccess> =>
  coingeckoAccess({
    plan: config.settings.coingecko.plan,
    apiKey: config.secrets.coingeckoApiKey,
    baseUrl: config.settings.coingecko.base_url,
    monthlyCalls: config.settings.coingecko.monthly_calls,
  });
