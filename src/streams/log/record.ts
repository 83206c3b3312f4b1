/** Bytes as they are, or text that stands for its UTF-8 encoding. */
export type Bytes = Buffer | string;

/**
 * One record as read. `key`, `value` and header bytes are views that stay valid (adapters never reuse the memory
 * behind them), so they may be kept, but keeping one keeps its whole batch.
 */
export interface LogRecord {
  readonly offset: number;
  /** When the log took it: milliseconds since the epoch (append time). */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  /** The header's last value, or undefined. */
  header(name: string): Buffer | undefined;
  headers(): Readonly<Record<string, Buffer>>;
}
