/**
 * When a task commits: so long after the first record that isn't committed, or at so many of them, whichever comes first,
 * and never in the middle of a batch. Sooner where the input has been quiet for a quarter of the interval: there is
 * nothing to wait for, and a person may.
 */
export interface CommitPolicy {
  /** In milliseconds. */
  readonly intervalMs: number;
  readonly records: number;
}
