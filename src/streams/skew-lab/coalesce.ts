/** Neighbouring partitions `[from, to)` that are worked on as one. */
export interface PartitionGroup {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/**
 * Packs neighbouring partitions together while they have no more than the target: the advisory size, or less where that
 * would leave fewer groups than can be worked on at once. A larger partition stays alone.
 *
 * Source: Spark's adaptive execution, ShufflePartitionsUtil.coalescePartitions.
 */
export function coalesce(sizes: readonly number[], advisory: number, parallelism: number): readonly PartitionGroup[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const target = Math.min(advisory, Math.ceil(total / parallelism));
  const groups: { from: number; to: number; bytes: number }[] = [];
  sizes.forEach((bytes, partition) => {
    const last = groups.at(-1);
    if (last === undefined || last.bytes + bytes > target) groups.push({ from: partition, to: partition + 1, bytes });
    else {
      last.to++;
      last.bytes += bytes;
    }
  });
  return groups;
}
