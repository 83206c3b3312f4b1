/** One record of `coingecko.markets` as the oracle takes it: bytes, headers as text, append time in ms. */
export interface SourceRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
}
