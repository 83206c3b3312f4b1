import { PulseError } from '../../../errors.ts';

/** How CoinGecko is asked, as the settings say it; `auto` is `demo` with a key and `free` without. */
export interface AccessOptions {
  readonly plan: 'auto' | 'free' | 'demo' | 'pro';
  readonly apiKey?: string | undefined;
  /** Instead of the plan's own host; that host's limits are then not assumed. */
  readonly baseUrl?: string | null | undefined;
  /** Calls a month that may be used; the plan's own number unless given. */
  readonly monthlyCalls?: number | null | undefined;
}

/** Where to ask, as whom, and how often that is allowed. */
export interface Access {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Holds the key: never to be shown. */
  readonly headers: Readonly<Record<string, string>>;
  readonly callsPerMinute: number;
  readonly callsPerMonth: number;
  /** Takes the key out of a text. */
  redact(text: string): string;
}

interface Plan {
  readonly baseUrl: string;
  readonly keyHeader?: string;
  readonly callsPerMinute: number;
  readonly callsPerMonth: number;
}

/**
 * The least that each plan is granted. Without a key the limit is shared by an address and varies with the traffic, from
 * 5 to 15 calls a minute. Source: docs.coingecko.com, Errors & Rate Limits, and the pricing page.
 */
const plans: Readonly<Record<'free' | 'demo' | 'pro', Plan>> = {
  free: { baseUrl: 'https://api.coingecko.com/api/v3', callsPerMinute: 5, callsPerMonth: Infinity },
  demo: {
    baseUrl: 'https://api.coingecko.com/api/v3',
    keyHeader: 'x-cg-demo-api-key',
    callsPerMinute: 30,
    callsPerMonth: 10_000,
  },
  pro: {
    baseUrl: 'https://pro-api.coingecko.com/api/v3',
    keyHeader: 'x-cg-pro-api-key',
    callsPerMinute: 250,
    callsPerMonth: 100_000,
  },
};

/** Throws `settings` for a plan without its key, and for a key or an address that can't be one. */
export function coingeckoAccess(options: AccessOptions): Access {
  const apiKey = options.apiKey?.trim() ?? '';
  const name = options.plan === 'auto' ? (apiKey === '' ? 'free' : 'demo') : options.plan;
  const plan = plans[name];
  return {
    baseUrl: (options.baseUrl == null ? plan.baseUrl : checkedUrl(options.baseUrl)).replace(/\/+$/u, ''),
    headers: plan.keyHeader === undefined ? {} : { [plan.keyHeader]: checkedKey(name, apiKey) },
    callsPerMinute: options.baseUrl == null ? plan.callsPerMinute : Infinity,
    callsPerMonth: options.monthlyCalls ?? plan.callsPerMonth,
    redact: (text) => (apiKey === '' ? text : text.replaceAll(apiKey, '(the key)')),
  };
}

/** What is not allowed in a header would come up in an error of the HTTP client's, key and all. */
function checkedKey(plan: string, apiKey: string): string {
  if (apiKey === '') {
    throw new PulseError(
      'settings',
      `CoinGecko's ${plan} plan needs a key: set COINGECKO_API_KEY, or the plan to free.`,
    );
  }
  if (/^[\x21-\x7e]+$/u.test(apiKey)) return apiKey;
  throw new PulseError('settings', 'COINGECKO_API_KEY holds characters that no key has: copy it again.');
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== undefined && isHttp && url.username === '' && url.password === '' && url.search + url.hash === '')
    return text;
  throw new PulseError(
    'settings',
    "CoinGecko's base URL must be http(s)://host/path, with no user, query or fragment.",
  );
}
