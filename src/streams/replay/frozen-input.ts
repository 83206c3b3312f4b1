import { z } from 'zod';
import { PulseError } from '../../errors.ts';
import { replaySources } from './replay-sources.ts';

/** Offsets `[start, end)` of one partition of the input. */
const range = z.object({ start: z.int().min(0), end: z.int().min(0) });

const frozenInput = z.object({
  /** The namespace whose quotes are replayed. */
  of: z.string(),
  /** Its log's identity, and its topic's id where the log gives topics one: offsets count in these alone. */
  log: z.string(),
  topic: z.string(),
  topicId: z.string().optional(),
  source: z.enum(replaySources),
  /** By partition. */
  ranges: z.array(range).min(1),
  /** When it was begun, or led on to a further end. */
  startedAt: z.string(),
  /** When everything was processed; null before. */
  finishedAt: z.string().nullable(),
});

/**
 * What a replay reads, fixed at its start: kept in its namespace's `pulse.positions`, so that one that was interrupted goes on
 * to the same end, however far the live quotes have come since.
 */
export type FrozenInput = z.infer<typeof frozenInput>;

/** The key of the record that holds it. */
export const FROZEN_KEY = 'replay';

/** Parses the record's value; throws `log-corrupt` for what is none. */
export function parseFrozenInput(found: unknown, where: string): FrozenInput {
  const parsed = frozenInput.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new PulseError('log-corrupt', `what is replayed can't be read from ${where}: start afresh with --again`);
}
