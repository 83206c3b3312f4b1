/** What CoinGecko says where it has no quotes to give. */
export interface CoingeckoError {
  /** The HTTP status or the code of CoinGecko's own that the body names, if any. */
  readonly code: number | undefined;
  readonly message: string;
}

/**
 * Reads an error body in any of its shapes: `{"status":{"error_code":…,"error_message":…}}`, the same under `error`,
 * `{"error":"…"}`, and `{"status":500,"error":"…"}`. Undefined for anything else.
 */
export function coingeckoError(body: unknown): CoingeckoError | undefined {
  if (!isObject(body)) return undefined;
  const { status, error } = body;
  if (isObject(error)) return coingeckoError(error);
  if (isObject(status)) {
    const { error_code: code, error_message: message } = status;
    if (code === undefined && message === undefined) return undefined;
    return { code: numberOf(code), message: typeof message === 'string' ? message.trim() : `error ${String(code)}` };
  }
  if (typeof error !== 'string') return undefined;
  return { code: numberOf(status) ?? numberOf(body.error_code), message: error.trim() };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
