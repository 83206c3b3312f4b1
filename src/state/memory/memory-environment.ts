import type { Codec } from '../codec.ts';
import type { PartitionMeta, StateEnvironment } from '../environment.ts';
import type { Table } from '../table.ts';
import { MemoryTable } from './memory-table.ts';

/** State in memory, gone with the process; for tests and for rebuilding beside the real one. */
export function openMemoryState(): StateEnvironment {
  const tables = new Map<string, MemoryTable<unknown>>();
  const metas = new Map<number, PartitionMeta>();
  return {
    table<Value>(name: string, codec: Codec<Value>): Table<Value> {
      let table = tables.get(name) as MemoryTable<Value> | undefined;
      if (table === undefined) tables.set(name, (table = new MemoryTable<Value>(codec)));
      return table;
    },
    meta: (partition) => metas.get(partition),
    putMeta: (partition, meta) => void metas.set(partition, meta),
    async transaction(write) {
      const before = [...tables.values()].map((table) => table.mark());
      const metasBefore = new Map(metas);
      try {
        write();
      } catch (error) {
        for (const undo of before) undo();
        metas.clear();
        for (const [partition, meta] of metasBefore) metas.set(partition, meta);
        throw error;
      } finally {
        for (const table of tables.values()) table.settle();
      }
    },
    drop(partition) {
      for (const table of tables.values()) table.drop(partition);
      metas.delete(partition);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
