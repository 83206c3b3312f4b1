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
