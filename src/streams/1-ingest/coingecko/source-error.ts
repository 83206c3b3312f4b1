import { PulseError } from '../../../errors.ts';

/** What is known of a failed call besides its message. */
export interface SourceErrorDetails extends ErrorOptions {
  /** The HTTP status, or the one that the body names; undefined where no answer came. */
  readonly status?: number | undefined;
  /** How long the source wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A call to a source of quotes failed: `source-unavailable` may work later, `source-rejected` won't. */
export class SourceError extends PulseError {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: 'source-unavailable' | 'source-rejected', message: string, details: SourceErrorDetails = {}) {
    super(code, message, details.cause === undefined ? {} : { cause: details.cause });
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}
