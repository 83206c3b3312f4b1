import { coingeckoAccess } from '../streams/1-ingest/coingecko/access.ts';
import type { Context } from './context.ts';

const PATIENCE_MS = 4_000;

/** Whether CoinGecko's API answers at all, within a few seconds; what it answers does not matter. */
export async function coingeckoAnswers(context: Context): Promise<boolean> {
  const { baseUrl, headers } = accessOf(context);
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), context.signal]);
  try {
    const response = await fetch(`${baseUrl}/ping`, { headers, signal, redirect: 'manual' });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
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
