import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartitionPosition, RecordBatch } from '../log.ts';
import type { ReadSide } from './read-side.ts';

/** The records from the given offsets on and those to come, partitions taking turns, until the signal aborts. */
export async function* tail(
  side: ReadSide,
  from: readonly PartitionPosition[],
  signal: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const positions = from.map((at) => ({ at, offset: at.offset }));
  let turn = 0;
  const next = (): RecordBatch | undefined => {
    for (let tried = 0; tried < positions.length; tried++) {
      const position = positions[turn++ % positions.length];
      if (position === undefined) continue;
      const batch = side.batch(position.at, position.offset, Infinity);
      if (batch.nextOffset === position.offset) continue;
      position.offset = batch.nextOffset;
      return batch;
    }
    return undefined;
  };
  for (;;) {
    const batch = await side.arrivals.find(next, Infinity, signal);
    if (batch === undefined) return;
    yield batch;
    await nextTurn();
  }
}
