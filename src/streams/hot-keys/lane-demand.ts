import type { HeavyHitter } from './space-saving.ts';

/**
 * What comes in for a lane over a horizon, whether salted or not. A lane is a place of work: stage 1 on one partition of its
 * input, and on the partition of the same number of `pulse.hot`.
 */
export interface LaneDemand {
  readonly lane: number;
  /** Who works on it. Lanes of one owner share a thread: moving work between them gains nothing. */
  readonly owner: string;
  /** Records that came in for it, or wait for it. */
  readonly records: number;
  /** Of these, the most frequent keys, heaviest first. */
  readonly heaviest: readonly HeavyHitter[];
}

/** What a record costs, in microseconds. */
export interface RecordCosts {
  /** To be worked on. */
  readonly workUs: number;
  /** To be forwarded, where it came in. */
  readonly sendUs: number;
  /** To be taken out of its bundle, where it is worked on. */
  readonly receiveUs: number;
}
