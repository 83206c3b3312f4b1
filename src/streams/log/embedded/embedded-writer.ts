import { closed, spent } from '../local/writer-errors.ts';
import type { CommitResult, GroupProgress, OutputRecord, TransactionalWriter } from '../log.ts';
import type { AppendGuard } from './append.ts';
import type { Tables } from './tables.ts';
import { checkEpoch } from './writer-epochs.ts';

/** Appends records in one transaction, if the guard lets it; in the order of the calls. */
export type GuardedAppend = (
  records: readonly OutputRecord[],
  progress?: GroupProgress,
  guard?: AppendGuard,
) => Promise<CommitResult>;

/**
 * A writer of one epoch of its transactional id; every commit checks in its transaction that the epoch still holds, and
 * that none before it failed: where several are under way, the next one would otherwise leave a gap.
 */
export class EmbeddedWriter implements TransactionalWriter {
  readonly id: string;
  readonly #epoch: number;
  readonly #append: GuardedAppend;
  readonly #guard: AppendGuard;
  #failure: Error | undefined;
  #isClosed = false;

  constructor(id: string, epoch: number, append: GuardedAppend) {
    this.id = id;
    this.#epoch = epoch;
    this.#append = append;
    this.#guard = {
      check: (tables) => this.#check(tables),
      rejected: (error) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      },
    };
  }

  async commit(records: readonly OutputRecord[], progress?: GroupProgress): Promise<CommitResult> {
    if (this.#isClosed) throw closed(`The writer ${this.id}`);
    if (this.#failure !== undefined) throw spent(this.id, this.#failure);
    return this.#append(records, progress, this.#guard);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #check(tables: Tables): void {
    if (this.#failure !== undefined) throw spent(this.id, this.#failure);
    checkEpoch(tables, this.id, this.#epoch);
  }
}
