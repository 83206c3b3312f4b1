import type { Action } from '../delta/actions.ts';
import type { TopicPartition } from '../../log/log.ts';
import type { LogRecord } from '../../log/record.ts';

/** What a sink has read and not yet committed, in the shape that its table wants. */
export interface TableBuffer {
  /** How many rows it holds, and about how many bytes. */
  readonly rows: number;
  readonly bytes: number;
  take(at: TopicPartition, record: LogRecord): void;
  /**
   * Writes the files that bring the rows into the table as it is now, and gives their actions. Where the version race is
   * lost it is called again, on what the table has become.
   */
  actions(): Promise<readonly Action[]>;
  clear(): void;
}
