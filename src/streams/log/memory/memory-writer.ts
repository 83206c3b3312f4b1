import { PulseError } from '../../../errors.ts';
import { closed, fenced, spent } from '../local/writer-errors.ts';
import type { CommitResult, OutputRecord, TransactionalWriter } from '../log.ts';
import type { MemoryStore } from './memory-store.ts';

/** Opens a writer on the store, fencing the earlier ones of its id. */
export function memoryWriter(
  store: () => MemoryStore,
  id: string,
  append: (records: readonly OutputRecord[]) => CommitResult,
): TransactionalWriter {
  const epoch = (store().epochs.get(id) ?? 0) + 1;
  store().epochs.set(id, epoch);
  let failure: PulseError | undefined;
  return {
    id,
    commit: async (records, progress) => {
      if (failure !== undefined) throw spent(id, failure);
      try {
        if (store().epochs.get(id) !== epoch) throw fenced(id);
        const result = append(records);
        if (progress !== undefined) store().noteProgress(progress);
        return result;
      } catch (error) {
        if (error instanceof PulseError) failure = error;
        throw error;
      }
    },
    close: async () => {
      failure ??= closed(`The writer ${id}`);
    },
  };
}
