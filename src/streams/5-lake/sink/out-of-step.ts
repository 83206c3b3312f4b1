import { PulseError } from '../../../errors.ts';
import type { OffsetBounds, PartitionPosition } from '../../log/log.ts';
import type { LakeTable } from '../lake-table.ts';
import { moveAway } from '../move-away.ts';

/** What to throw where a table would go on at an offset that its topic does not hold: rows would be missing, unseen. */
export function outOfStep(
  { name }: LakeTable,
  { topic, partition, offset }: PartitionPosition,
  { start, end }: OffsetBounds,
): PulseError {
  const fact = `the table ${name} has ${topic}[${partition}] up to offset ${offset}, and the log holds [${start}, ${end}]`;
  const why = offset < start ? 'what lies between is gone' : 'the topic is another one now';
  return new PulseError('table-mismatch', `${fact}, so ${why}: ${moveAway(name)}`);
}
