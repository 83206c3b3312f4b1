import { PulseError } from '../../../errors.ts';
import type { TopicPartition } from '../../log/log.ts';

/** What to throw for a record that can't be read as a row of its table. */
export const noRow = ({ topic, partition }: TopicPartition, offset: number, cause: unknown): PulseError =>
  new PulseError(
    'log-corrupt',
    `${topic}[${partition}] offset ${offset} is no row: ${(cause as Error).message}. ` +
      'pulse replay, and then pulse replay promote, publish anew what differs',
    { cause },
  );
