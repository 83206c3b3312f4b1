import { z } from 'zod';
import { PulseError } from '../../errors.ts';
import type { Log } from '../log/log.ts';
import { maintainShape } from '../stages/flow.ts';
import { readPositions, readStagePosition } from '../task/positions.ts';
import type { TopicNames } from '../topics.ts';
import { withPositionsWriter } from './positions-writer.ts';

const promotionRecord = z.object({
  id: z.string().min(1),
  /** Where the rebuilt tables lie. */
  namespace: z.string(),
  /** When their replay was begun: one that was begun anew since, or led further, has other tables, or not all of them yet. */
  begunAt: z.string(),
  /** By partition: up to where stage 2's input is in the rebuilt tables. Where it takes up its work. */
  positions: z.array(z.int().min(0)).min(1),
});

/**
 * That rebuilt tables are to take the live ones' place, as the live namespace's `pulse.positions` has it. Stage 2 of every
 * partition sees to it before it processes anything more, whoever runs it, and says so in its own position.
 */
export type PromotionRecord = z.infer<typeof promotionRecord>;

const KEY = 'promotion';
const PARTITION = 0;

/** How far the newest promotion has come. */
export interface PromotionProgress extends PromotionRecord {
  /** The partitions that are as rebuilt. */
  readonly done: readonly number[];
  /** Whether another one stands beyond where it was to take up its work: it comes to no end, and has to be asked for anew. */
  readonly isOutdated: boolean;
}

/** The newest promotion and how far it is; undefined where there never was one. */
export async function readPromotion(log: Log, names: TopicNames): Promise<PromotionProgress | undefined> {
  if ((await log.topics.describe(names.positions)) === undefined) return undefined;
  const found = (await readPositions(log, names.positions, PARTITION)).get(KEY);
  if (found === undefined) return undefined;
  const parsed = promotionRecord.safeParse(found);
  if (!parsed.success) throw new PulseError('log-corrupt', `${names.positions} holds a promotion that can't be read`);
  const { id, positions } = parsed.data;
  const { name, input: topic } = maintainShape(names);
  const done: number[] = [];
  let isOutdated = false;
  for (const [partition, upTo] of positions.entries()) {
    const position = await readStagePosition(log, names.positions, name, { topic, partition });
    if (position?.carried.promotion === id) done.push(partition);
    else if (position !== undefined && position.offset > upTo) isOutdated = true;
  }
  return { ...parsed.data, done, isOutdated };
}

export const isPending = ({ done, positions }: PromotionProgress): boolean => done.length < positions.length;

/**
 * Asks for it, in place of one that was asked for before: where some partitions are as rebuilt by then, or half, only that makes the
 * tables those of one replay. No task may be at work on the namespace.
 */
export const writePromotion = (log: Log, names: TopicNames, promotion: PromotionRecord): Promise<void> =>
  withPositionsWriter(log, names.positions, (commit) =>
    commit([{ topic: names.positions, partition: PARTITION, key: KEY, value: JSON.stringify(promotion) }]),
  );
