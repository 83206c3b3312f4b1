import { z } from 'zod';
import type { GroupProgress } from '../log.ts';
import type { Tables } from './tables.ts';

const PROGRESS = 'progress';

/** Notes how far a group has come; to be called in a write transaction. */
export function storeProgress(tables: Tables, { group, topic, partition, offset }: GroupProgress): void {
  tables.meta.putSync([PROGRESS, group, topic, partition], offset);
}

/** What a group's members have last sent along with their commits. */
export function readProgress(tables: Tables, group: string): readonly GroupProgress[] {
  const found: GroupProgress[] = [];
  for (const { key, value } of tables.meta.getRange({ start: [PROGRESS, group], end: [PROGRESS, group, '\uffff'] })) {
    const [, , topic, partition] = key;
    found.push({ group, topic: String(topic), partition: Number(partition), offset: z.number().parse(value) });
  }
  return found;
}
