import { onTestFinished } from 'vitest';
import { openKafkaLog } from '../../../../src/streams/log/kafka/kafka-log.ts';
import type { KafkaNamespace } from './kafka-namespace.ts';

/** A stage's position as it was seen to come. */
export interface SeenPosition {
  readonly offset: number;
  /** When it last moved, as `Date.now()` says. */
  readonly movedAt: number;
}

/** The positions of both stages by their keys, as they move; until the test is over. */
export async function watchPositions(
  { brokers, topic }: { readonly brokers: KafkaNamespace['brokers']; readonly topic: string },
  partitions: number,
): Promise<ReadonlyMap<string, SeenPosition>> {
  const log = await openKafkaLog({ brokers });
  const ending = new AbortController();
  const seen = new Map<string, SeenPosition>();
  const from = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }));
  const watch = async (): Promise<void> => {
    for await (const { records } of log.tail(from, ending.signal))
      for (const { key, value } of records) {
        const { offset } = JSON.parse(String(value)) as { readonly offset: number };
        if (seen.get(String(key))?.offset !== offset) seen.set(String(key), { offset, movedAt: Date.now() });
      }
  };
  const watching = watch();
  onTestFinished(async () => {
    ending.abort();
    await watching;
    await log.close();
  });
  return seen;
}

/** How many records stage 1 has taken in; those of a source that writes no transactions have all offsets. */
export const takenIn = (positions: ReadonlyMap<string, SeenPosition>): number =>
  [...positions].filter(([key]) => key.startsWith('combine|')).reduce((sum, [, { offset }]) => sum + offset, 0);
