import type { HttpAnswer } from './http-get.ts';
import { coingeckoError } from './error-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { SourceError } from './source-error.ts';

/** CoinGecko's own codes: no key, not in this plan, the wrong kind of key (twice), beyond the plan's time range. */
const refusals: ReadonlySet<number> = new Set([10_002, 10_005, 10_010, 10_011, 10_012]);
/** Asking again for the same would not help. 403 is not among them: it is what a CDN's block and an outage look like. */
const rejections: ReadonlySet<number> = new Set([400, 401, 404, 405, 414, 422]);

/**
 * The JSON of an answer to `what`. Throws a {@link SourceError} for any status but 2xx, for an error body of whatever
 * status, and for a body that is no JSON, as a page of a CDN or one that breaks off.
 */
export function jsonOf(answer: HttpAnswer, what: string, now: number): unknown {
  const json = parsed(answer.body);
  const error = coingeckoError(json);
  const isOk = answer.status >= 200 && answer.status < 300;
  if (isOk && json !== undefined && error === undefined) return json;
  const code = error?.code ?? answer.status;
  const status = isOk && isHttpError(code) ? code : answer.status;
  const said = error?.message ?? (isOk ? `no JSON but ${described(answer)}` : described(answer));
  if (refusals.has(code) || rejections.has(status)) {
    const isKey = refusals.has(code) || status === 401;
    const advice = isKey ? 'Check COINGECKO_API_KEY and its plan.' : 'Check the coins, the currency and the base URL.';
    throw new SourceError('source-rejected', `${what} is refused (${code}): ${sentence(said)} ${advice}`, { status });
  }
  throw new SourceError('source-unavailable', `${what} fails for now (${code}): ${sentence(said)}`, {
    status,
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), now),
  });
}

/** Undefined for what is no JSON. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const isHttpError = (code: number): boolean => code >= 400 && code < 600;

function described({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `a redirect to ${headers.get('location') ?? 'nowhere'}`;
  const text = body.toString('utf8').replace(/\s+/gu, ' ').trim();
  if (text === '') return 'an empty body';
  const title = /<title>(.*?)<\/title>/iu.exec(text)?.[1]?.trim();
  if (title !== undefined) return `a page with the title '${title}'`;
  const shown = text.length > 80 ? `${text.slice(0, 60)}…${text.slice(-16)}` : text;
  return `${body.length} bytes that are ${shown}`;
}

function sentence(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim().slice(0, 300);
  return /[.!?…]$/u.test(line) ? line : `${line}.`;
}
