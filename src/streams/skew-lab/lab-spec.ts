/** How the records of a workload are shared out over the keys. */
export type Popularity =
  | { readonly kind: 'zipf'; readonly exponent: number }
  /** One key has this share of all records; the others share the rest alike. */
  | { readonly kind: 'hot'; readonly share: number };

export const workloads = ['aggregate', 'join'] as const;
/** What is done: ticks joined into hours, as stage 1 and stage 2 do it; or ticks joined with a table of coins. */
export type Workload = (typeof workloads)[number];

/** What a run of the lab follows from, the machine's speed aside. */
export interface LabSpec {
  readonly workload: Workload;
  readonly popularity: Popularity;
  readonly records: number;
  readonly keys: number;
  /** Partitions of the input, each with one task. */
  readonly tasks: number;
  /** The records come in so many waves; a wave is over when all of it is done. */
  readonly waves: number;
  /** Rounds of extra work over every record's bytes. */
  readonly work: number;
  /** Partitions of what the tasks hand on, before small ones are coalesced. */
  readonly shufflePartitions: number;
  /** Shuffle partitions are coalesced up to so many bytes. */
  readonly advisoryBytes: number;
  readonly seed: string;
}
