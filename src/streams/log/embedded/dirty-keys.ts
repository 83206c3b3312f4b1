import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadSide } from '../local/read-side.ts';
import { closed } from '../local/writer-errors.ts';
import type { TopicPartition } from '../log.ts';

/** The newest offset of each key in a stretch of a partition. */
export interface DirtyKeys {
  readonly newest: ReadonlyMap<string, number>;
  /** Where the stretch ends: where the partition did, or where the map was full. */
  readonly to: number;
}

/** A key as the map has it: one character a byte. */
export const dirtyKey = (key: Buffer): string => key.toString('latin1');

/**
 * Reads `[from, to)` and notes where each key occurs last; it stops early when it has too many keys. Rejects with `usage`
 * when the signal aborts.
 */
export async function surveyDirtyKeys(
  reads: ReadSide,
  at: TopicPartition,
  from: number,
  to: number,
  maxKeys: number,
  signal: AbortSignal,
): Promise<DirtyKeys> {
  const newest = new Map<string, number>();
  let position = from;
  while (position < to && newest.size < maxKeys) {
    if (signal.aborted) throw closed('The log');
    const { records, nextOffset } = reads.batch(at, position, to);
    for (const { key, offset } of records) if (key !== null) newest.set(dirtyKey(key), offset);
    position = nextOffset;
    await nextTurn();
  }
  return { newest, to: position };
}
