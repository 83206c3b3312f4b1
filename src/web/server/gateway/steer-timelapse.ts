import { z } from 'zod';
import { FASTEST, type TimelapseAnswer, type TimelapseWish } from '../../replay-contract.ts';
import type { TimelapseControls } from '../timelapse/timelapse-controls.ts';

const LATEST_MS = 8.64e15;

const wish: z.ZodType<TimelapseWish> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pause'), isPaused: z.boolean() }),
  z.strictObject({ kind: z.literal('speed'), speed: z.union([z.number().positive().max(FASTEST), z.literal('max')]) }),
  z.strictObject({ kind: z.literal('seek'), to: z.int().min(-LATEST_MS).max(LATEST_MS) }),
]);

/** Changes how the time-lapse is played, where one is and the wish is one. */
export function steerTimelapse(controls: TimelapseControls | undefined, asked: unknown): TimelapseAnswer {
  if (controls === undefined) return { kind: 'refused', reason: 'no time-lapse is played here' };
  const { success, data } = wish.safeParse(asked);
  if (!success) return { kind: 'refused', reason: 'say pause, speed or seek' };
  controls.wish(data);
  return { kind: 'timelapse', timelapse: controls.state() };
}
