import type { OutputRecord } from '../../../src/streams/log/log.ts';

type Placed = Readonly<Record<string, unknown>>;

const inOrder = (rows: readonly Placed[]): readonly Placed[] =>
  rows.toSorted((a, b) => Number(a['partition']) - Number(b['partition']) || Number(a['offset']) - Number(b['offset']));

/** What a model of an appended table compares: where each record lay, its key and its value. */
export const rawRows = {
  /** Every record below the positions, once. */
  wanted(records: readonly OutputRecord[], ends: ReadonlyMap<number, number>): readonly unknown[] {
    const offsets = new Map<number, number>();
    const rows = records.map(({ partition, key, value }) => {
      const offset = offsets.get(partition) ?? 0;
      offsets.set(partition, offset + 1);
      return { partition, offset, coin_id: key, raw: value };
    });
    return inOrder(rows.filter(({ partition, offset }) => offset < (ends.get(partition) ?? 0)));
  },
  seen: (rows: readonly Placed[]): readonly unknown[] =>
    inOrder(rows.map(({ partition, offset, coin_id, raw }) => ({ partition, offset, coin_id, raw }))),
};
