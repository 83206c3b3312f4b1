import type { RateLimit } from './token-bucket.ts';

/** What a client may do. */
export interface GatewayLimits {
  /** A client that drains nothing for this long is dropped. */
  readonly drainMs: number;
  readonly maxClients: number;
  /** The largest message that a client may send. */
  readonly maxMessageBytes: number;
  /** Requests of one client; those above are refused. */
  readonly requests: RateLimit;
  /** Everything that one client sends; above, it is dropped. */
  readonly packets: RateLimit;
}

export const usualLimits: GatewayLimits = {
  drainMs: 10_000,
  maxClients: 2000,
  maxMessageBytes: 4096,
  requests: { burst: 40, perSecond: 10 },
  packets: { burst: 200, perSecond: 50 },
};
