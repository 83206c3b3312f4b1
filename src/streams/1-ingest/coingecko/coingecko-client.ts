import type { SchedulerLike } from 'rxjs';
import type { PulseError } from '../../../errors.ts';
import { JsonArraySplitter } from '../json-array-splitter.ts';
import { sleepOn } from '../../clock/sleep.ts';
import type { Access } from './access.ts';
import { jsonOf } from './answer.ts';
import { backoffMs } from './backoff.ts';
import { httpGet, type HttpAnswer } from './http-get.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { SourceError } from './source-error.ts';

/** What a client is built with. */
export interface CoingeckoClientOptions {
  readonly access: Access;
  readonly limiter: RateLimiter;
  readonly scheduler: SchedulerLike;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
  /** For each attempt, from its start to the body's last byte; real time. */
  readonly timeoutMs: number;
}

/** How a call is made. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** How often it is tried before it fails; at least 1. */
  readonly attempts: number;
  /** Called before each wait for another attempt. */
  readonly onRetry?: (error: SourceError) => void;
}

/** The answer to a call that worked. */
export interface Fetched {
  readonly json: unknown;
  readonly body: Buffer;
  /** When its last byte was there, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** How long a cache on the way had held it by then, in milliseconds; 0 where none says so. */
  readonly ageMs: number;
}

/** A source that wants to be left alone for longer is left alone: the call fails. */
const LONGEST_RETRY_AFTER_MS = 300_000;
const ELEMENT_LIMIT_BYTES = 1 << 20;

/**
 * CoinGecko's REST API, as far as it is needed. Every call waits for its turn by the rate limiter, is tried again when
 * the source is unavailable (after growing, jittered waits, and no call before `Retry-After` is over), and rejects with a
 * {@link SourceError}, or with the signal's reason. The key shows in no error.
 */
export class CoingeckoClient {
  private readonly options: CoingeckoClientOptions;

  constructor(options: CoingeckoClientOptions) {
    this.options = options;
  }

  /** The elements of one page of `/coins/markets`, each with the bytes it has in the body. */
  async markets(query: string, call: CallOptions): Promise<Fetched & { readonly elements: readonly Buffer[] }> {
    const path = '/coins/markets';
    return this.get(`${path}?${query}`, call, (fetched) => {
      if (!Array.isArray(fetched.json)) throw unexpected(this.named(path), 'an array', fetched);
      const elements: Buffer[] = [];
      const splitter = new JsonArraySplitter(ELEMENT_LIMIT_BYTES);
      splitter.push(fetched.body, elements);
      return { ...fetched, elements };
    });
  }

  /** The body of `/coins/{id}/market_chart`, in the granularity that CoinGecko chooses for so many days. */
  async marketChart(coinId: string, vsCurrency: string, days: number, call: CallOptions): Promise<Fetched> {
    const path = `/coins/${encodeURIComponent(coinId)}/market_chart`;
    return this.get(`${path}?vs_currency=${encodeURIComponent(vsCurrency)}&days=${days}`, call, (fetched) => {
      const { json } = fetched;
      if (typeof json !== 'object' || json === null || !('prices' in json)) {
        throw unexpected(this.named(path), 'an object with prices', fetched);
      }
      return fetched;
    });
  }

  private async get<Result>(path: string, call: CallOptions, read: (fetched: Fetched) => Result): Promise<Result> {
    const { limiter, scheduler, random } = this.options;
    const { signal, attempts, onRetry } = call;
    for (let retry = 0; ; retry++) {
      await limiter.acquire(signal);
      signal.throwIfAborted();
      try {
        return read(await this.getOnce(path, signal));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (error.retryAfterMs !== undefined) limiter.pause(error.retryAfterMs);
        if (!this.isWorthRetrying(error, retry + 1, attempts)) throw this.redacted(error);
        onRetry?.(this.redacted(error));
        await sleepOn(scheduler)(backoffMs(retry, random), signal);
      }
    }
  }

  private isWorthRetrying(error: SourceError, tried: number, attempts: number): boolean {
    return error.remedy === 'retry' && tried < attempts && (error.retryAfterMs ?? 0) <= LONGEST_RETRY_AFTER_MS;
  }

  private async getOnce(path: string, signal: AbortSignal): Promise<Fetched> {
    const { access, scheduler, timeoutMs } = this.options;
    const answer = await httpGet(access.baseUrl + path, { headers: access.headers, timeoutMs, signal });
    const fetchedAt = scheduler.now();
    const json = jsonOf(answer, this.named(path), fetchedAt);
    return { json, body: answer.body, fetchedAt, ageMs: ageMs(answer) };
  }

  /** The address without its query. */
  private named(path: string): string {
    return new URL(this.options.access.baseUrl).host + (path.split('?')[0] ?? '');
  }

  /** A body may quote the key that came with the request. */
  private redacted(error: SourceError): SourceError {
    const message = this.options.access.redact(error.message);
    if (message === error.message || (error.code !== 'source-rejected' && error.code !== 'source-unavailable'))
      return error;
    return new SourceError(error.code, message, { status: error.status, retryAfterMs: error.retryAfterMs });
  }
}

/** By the `Age` header. Source: RFC 9111, section 5.1. */
function ageMs({ headers }: HttpAnswer): number {
  const age = headers.get('age') ?? '';
  return /^\d{1,9}$/u.test(age) ? Number(age) * 1000 : 0;
}

const unexpected = (what: string, wanted: string, { body }: Fetched): PulseError =>
  new SourceError('source-unavailable', `${what} sent ${body.toString('utf8', 0, 60)} where ${wanted} is expected.`);
