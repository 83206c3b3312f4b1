import type { OutputRecord } from '../log/log.ts';
import type { CommitPolicy } from './commit-policy.ts';

/** Outputs that wait for a commit (dead letters come at once) are held up to about here, whatever the policy says. */
const LARGEST_OUTPUT_BYTES = 32 << 20;

/** What a task has processed and not yet committed. */
export class PendingCommit {
  /** When the first record of it was taken; undefined while there is nothing to commit. */
  since: number | undefined;
  /** How many input records it covers. */
  records = 0;
  #outputs: OutputRecord[] = [];
  #bytes = 0;

  add(output: OutputRecord): void {
    this.#outputs.push(output);
    this.#bytes += output.value?.length ?? 0;
  }

  /** The outputs so far; from here on they are the caller's. */
  takeOutputs(): OutputRecord[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  isFull(policy: CommitPolicy, largestCommit: number): boolean {
    return this.records >= Math.min(policy.records, largestCommit) || this.#bytes >= LARGEST_OUTPUT_BYTES;
  }

  /** It is committed. */
  clear(): void {
    this.since = undefined;
    this.records = 0;
    this.#bytes = 0;
  }
}
