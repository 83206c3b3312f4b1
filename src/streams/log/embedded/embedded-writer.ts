import { PulseError } from '../../../errors.ts';
import { closed, spent } from '../local/writer-errors.ts';
import type { CommitResult, GroupProgress, OutputRecord, TransactionalWriter } from '../log.ts';
import type { Tables } from './tables.ts';
import { checkEpoch } from './writer-epochs.ts';

/** Appends records in one transaction, if the check that runs in it does not throw. */
export type CheckedAppend = (
  records: readonly OutputRecord[],
  progress: GroupProgress | undefined,
  check: (tables: Tables) => void,
) => Promise<CommitResult>;

/** A writer of one epoch of its transactional id; every commit checks in its transaction that the epoch still holds. */
export class EmbeddedWriter implements TransactionalWriter {
  readonly id: string;
  readonly #epoch: number;
  readonly #append: CheckedAppend;
  #failure: PulseError | undefined;

  constructor(id: string, epoch: number, append: CheckedAppend) {
    this.id = id;
    this.#epoch = epoch;
    this.#append = append;
  }

  async commit(records: readonly OutputRecord[], progress?: GroupProgress): Promise<CommitResult> {
    if (this.#failure !== undefined) throw spent(this.id, this.#failure);
    try {
      return await this.#append(records, progress, (tables) => checkEpoch(tables, this.id, this.#epoch));
    } catch (error) {
      if (error instanceof PulseError) this.#failure = error;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#failure ??= closed(`The writer ${this.id}`);
    return Promise.resolve();
  }
}
