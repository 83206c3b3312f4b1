import type { ViewEntry, ViewKey, ViewRange, ViewStore, ViewTable } from '../view-store.ts';

/** A view in memory, gone with the process; for tests. */
export function openMemoryView(): ViewStore {
  const tables = new Map<string, MemoryViewTable<unknown>>();
  const positions = new Map<string, number>();
  const wipe = (): void => {
    for (const table of tables.values()) table.restore(new Map());
    positions.clear();
  };
  return {
    table<Value>(name: string): ViewTable<Value> {
      let table = tables.get(name) as MemoryViewTable<Value> | undefined;
      if (table === undefined) tables.set(name, (table = new MemoryViewTable<Value>()));
      return table;
    },
    position: (source) => positions.get(source),
    advance: (source, position) => void positions.set(source, position),
    async commit(write) {
      const before = [...tables.values()].map((table) => ({ table, entries: table.copy() }));
      const positionsBefore = new Map(positions);
      try {
        write();
      } catch (error) {
        wipe();
        for (const { table, entries } of before) table.restore(entries);
        for (const [source, position] of positionsBefore) positions.set(source, position);
        throw error;
      }
    },
    wipe: async () => wipe(),
    close: async () => undefined,
  };
}

class MemoryViewTable<Value> implements ViewTable<Value> {
  #entries = new Map<string, ViewEntry<Value>>();

  get(key: ViewKey): Value | undefined {
    const entry = this.#entries.get(JSON.stringify(key));
    return entry && structuredClone(entry.value);
  }

  *entries(range: ViewRange = {}): Iterable<ViewEntry<Value>> {
    const { from, to, reverse = false, limit = Infinity } = range;
    const found = [...this.#entries.values()]
      .filter(({ key }) => (!from || compare(key, from) >= 0) && (!to || compare(key, to) < 0))
      .sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)))
      .slice(0, limit);
    for (const { key, value } of found) yield { key, value: structuredClone(value) };
  }

  put(key: ViewKey, value: Value): void {
    this.#entries.set(JSON.stringify(key), { key: [...key], value: structuredClone(value) });
  }

  remove(key: ViewKey): void {
    this.#entries.delete(JSON.stringify(key));
  }

  copy(): Map<string, ViewEntry<Value>> {
    return new Map(this.#entries);
  }

  restore(entries: Map<string, ViewEntry<Value>>): void {
    this.#entries = entries;
  }
}

function compare(a: ViewKey, b: ViewKey): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparePart(a[i] as string | number, b[i] as string | number);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function comparePart(a: string | number, b: string | number): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
