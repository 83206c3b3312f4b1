import type { LogRecord } from '../../../src/streams/log/record.ts';

/** A record of `coingecko.markets`; `observedAt` is the header's bytes. */
export function quoteRecord(
  value: Buffer | string | null,
  {
    observedAt,
    timestamp = Date.UTC(2023, 11, 1, 12),
  }: { readonly observedAt?: string; readonly timestamp?: number } = {},
): LogRecord {
  const headers = observedAt === undefined ? {} : { observed_at: Buffer.from(observedAt) };
  return {
    offset: 7,
    timestamp,
    key: null,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    header: (name) => (name === 'observed_at' ? headers.observed_at : undefined),
    headers: () => headers,
  };
}
