import { PulseError } from '../../../errors.ts';
import { commitFailure } from '../../../state/lmdb/commit-failure.ts';
import { freeBytes } from '../../../state/lmdb/disk-room.ts';
import { closed } from '../local/writer-errors.ts';
import type { Environment } from './environment.ts';
import { logFailure } from './failures.ts';
import type { Tables } from './tables.ts';

/** Something to be written, all or nothing. */
export interface WriteOperation<Result> {
  /** About how much it adds to the file. */
  readonly bytes: number;
  /** Runs inside a write transaction. Throws PulseErrors only, and only before its first write. */
  run(tables: Tables): Result;
  /** Told at once when it is rejected, before any operation behind it runs. */
  rejected?(error: unknown): void;
}

/** Has an operation written; resolves with its result when that is durable. */
export type Submit = <Result>(operation: WriteOperation<Result>) => Promise<Result>;

interface Queued {
  readonly bytes: number;
  run(tables: Tables): void;
  resolve(): void;
  rejected(error: unknown): void;
  reject(error: unknown): void;
}

/** One transaction takes no more operations than this, so that the event loop is not held up while they are copied. */
const GROUP_BYTES = 16 * 2 ** 20;

/** With less room than this, commits run where LMDB reports a full disk without printing it: see {@link WriteQueue}. */
const AMPLE_ROOM_BYTES = 256 * 2 ** 20;

/**
 * The one way to write to a log: operations that are submitted while a transaction is on its way to the disk share the
 * next one (group commit), and each promise resolves when its transaction is durable.
 *
 * Transactions are written and synced on another thread (measured with commits of 4 MiB: 544 MB/s and the event loop
 * held up for 13 ms at most; on this thread 261 MB/s and 87 ms). Only when the disk is nearly full do they run on this
 * one: lmdb-js prints the error of an asynchronous commit on the console.
 */
export class WriteQueue {
  readonly #environment: Environment;
  readonly #guard: (tables: Tables) => void;
  readonly #queued: Queued[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;

  /** `guard` runs first in every transaction; what it throws rejects all its operations. */
  constructor(environment: Environment, guard: (tables: Tables) => void) {
    this.#environment = environment;
    this.#guard = guard;
  }

  submit<Result>(operation: WriteOperation<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(closed(`The log at ${this.#environment.path}`));
    return new Promise((resolve, reject) => {
      let result: { readonly value: Result } | undefined;
      this.#queued.push({
        bytes: operation.bytes,
        run: (tables) => (result = { value: operation.run(tables) }),
        resolve: () => (result === undefined ? undefined : resolve(result.value)),
        rejected: (error) => operation.rejected?.(error),
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything submitted so far is settled; nothing can be submitted any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queued.length > 0) await this.#commitGroup();
    this.#draining = undefined;
  }

  async #commitGroup(): Promise<void> {
    const { path, tables, arrivals } = this.#environment;
    let group: readonly Queued[] = [];
    const done: Queued[] = [];
    const body = (): void => {
      group = this.#take();
      this.#guard(tables);
      for (const operation of group) {
        try {
          operation.run(tables);
          done.push(operation);
        } catch (error) {
          if (!(error instanceof PulseError)) throw error;
          fail(operation, error);
        }
      }
    };
    try {
      if (this.#hasAmpleRoom()) await tables.root.transaction(body);
      else tables.root.transactionSync(body);
    } catch (error) {
      const failure = logFailure(await commitFailure(error), path);
      // A transaction that did not even begin has taken no operation: it would be tried again for ever.
      for (const operation of group.length > 0 ? group : this.#take()) fail(operation, failure);
      return;
    }
    for (const operation of done) operation.resolve();
    arrivals.wake();
  }

  #take(): readonly Queued[] {
    let bytes = 0;
    const end = this.#queued.findIndex((operation, i) => (bytes += operation.bytes) > GROUP_BYTES && i > 0);
    return this.#queued.splice(0, end < 0 ? Infinity : end);
  }

  #hasAmpleRoom(): boolean {
    const needed = this.#queued.reduce((bytes, operation) => bytes + operation.bytes, 0);
    return freeBytes(this.#environment.path) > AMPLE_ROOM_BYTES + 2 * needed;
  }
}

function fail(operation: Queued, error: unknown): void {
  operation.rejected(error);
  operation.reject(error);
}
