import { z } from 'zod';
import { fenced } from '../local/writer-errors.ts';
import type { Tables } from './tables.ts';

const EPOCH = 'epoch';

/** Starts a new epoch of a transactional id, which fences the writers of earlier ones. In a write transaction. */
export function nextEpoch(tables: Tables, id: string): number {
  const epoch = currentEpoch(tables, id) + 1;
  tables.meta.putSync([EPOCH, id], epoch);
  return epoch;
}

/** Throws `fenced` unless the epoch is the id's newest. */
export function checkEpoch(tables: Tables, id: string, epoch: number): void {
  if (currentEpoch(tables, id) !== epoch) throw fenced(id);
}

const currentEpoch = (tables: Tables, id: string): number => z.number().parse(tables.meta.get([EPOCH, id]) ?? 0);
