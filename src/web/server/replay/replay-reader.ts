import type { Replays } from '../../replay-contract.ts';

/** Looks for the replays of a namespace, as often as it is asked. */
export interface ReplayReader {
  read(): Promise<Pick<Replays, 'replays' | 'problems'>>;
}

export const noReplays: ReplayReader = { read: () => Promise.resolve({ replays: [], problems: [] }) };
