import type { StoreSize } from '../../pipeline-contract.ts';

/** What only the disk tells: how large the stores are, and how far the lake has come. Asked for while somebody looks. */
export interface DiskFigures {
  readonly stores: readonly StoreSize[];
  readonly sinks: readonly SinkPositions[];
}

/** The next offset that a table of the lake takes of each partition; one that it never read is absent. */
export interface SinkPositions {
  readonly topic: string;
  readonly positions: ReadonlyMap<number, number>;
}

export const nothingOnDisk: DiskFigures = { stores: [], sinks: [] };
