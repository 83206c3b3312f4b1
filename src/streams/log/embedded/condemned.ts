import { z } from 'zod';
import type { StoredTopic } from './catalog.ts';
import { PartitionBatches } from './partition-batches.ts';
import { partitionKey } from './storage-keys.ts';
import type { Tables } from './tables.ts';

const CONDEMNED = 'condemned';

/** Marks the records of a removed topic for deletion; in a write transaction. */
export function condemn(tables: Tables, { id, partitions }: StoredTopic): void {
  tables.meta.putSync([CONDEMNED, id], partitions);
}

/** Deletes some batches of removed topics; in a write transaction. Whether there may be more. */
export function deleteCondemned(tables: Tables, maxBatches: number): boolean {
  for (const { key, value } of tables.meta.getRange({ start: [CONDEMNED], end: [CONDEMNED, '\uffff'], limit: 1 })) {
    const [id, partitions] = [Number(key[1]), z.number().parse(value)];
    for (let partition = 0, left = maxBatches; partition < partitions; partition++) {
      left -= new PartitionBatches(tables, id, partition).removeBelow(Number.MAX_SAFE_INTEGER, left);
      if (left <= 0) return true;
      tables.partitions.removeSync(partitionKey(id, partition));
    }
    tables.meta.removeSync([CONDEMNED, id]);
    return true;
  }
  return false;
}
