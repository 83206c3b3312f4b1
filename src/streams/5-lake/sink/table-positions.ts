import type { Action } from '../delta/actions.ts';
import type { TopicPartition } from '../../log/log.ts';
import type { Snapshot } from '../delta/snapshot.ts';

/** The next offset of every partition of a topic, by partition; one that has none yet is absent. */
export type Positions = ReadonlyMap<number, number>;

/** How far a table has come in one partition of a topic. */
export interface TablePosition extends TopicPartition {
  /** The next one: every record below is in the table. */
  readonly offset: number;
}

/** The application of a `txn` action: whose offsets its versions are. */
const appId = (topic: string, partition: number): string => `crypto-pulse/${topic}/${partition}`;

/** How far a table has come in every partition that it has read; `txn` actions of others are left out. */
export const allPositions = ({ txns }: Snapshot): readonly TablePosition[] =>
  [...txns].flatMap(([id, offset]) => {
    const [, topic, partition] = /^crypto-pulse\/(.+)\/(\d+)$/.exec(id) ?? [];
    return topic === undefined ? [] : [{ topic, partition: Number(partition), offset }];
  });

/** How far a table has come in one partition: every record below is in it; undefined where it has not begun. */
export const tablePosition = ({ txns }: Snapshot, { topic, partition }: TopicPartition): number | undefined =>
  txns.get(appId(topic, partition));

/** How far a table has come: its `txn` actions, each moved by the commit that brought the rows below it. */
export function tablePositions(snapshot: Snapshot, topic: string, partitions: number): Positions {
  const positions = new Map<number, number>();
  for (let partition = 0; partition < partitions; partition++) {
    const offset = tablePosition(snapshot, { topic, partition });
    if (offset !== undefined) positions.set(partition, offset);
  }
  return positions;
}

/** The actions that move a table from one set of positions to another. */
export const positionActions = (topic: string, from: Positions, to: Positions, now: number): readonly Action[] =>
  [...to]
    .filter(([partition, offset]) => from.get(partition) !== offset)
    .map(([partition, version]) => ({ txn: { appId: appId(topic, partition), version, lastUpdated: now } }));

export const arePositionsEqual = (one: Positions, other: Positions): boolean =>
  one.size === other.size && [...one].every(([partition, offset]) => other.get(partition) === offset);
