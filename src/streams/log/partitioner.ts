import { partitionOf } from './partition-of.ts';

const REMEMBERED = 65_536;
const LONGEST_REMEMBERED = 256;

/** {@link partitionOf} for keys that come again and again: each is hashed once. Memory is bounded. */
export function createPartitioner(partitions: number): (key: string) => number {
  const known = new Map<string, number>();
  return (key) => {
    if (key.length > LONGEST_REMEMBERED) return partitionOf(key, partitions);
    let partition = known.get(key);
    if (partition === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, (partition = partitionOf(key, partitions)));
    }
    return partition;
  };
}
