import type { HeavyHitter, SpaceSaving } from '../hot-keys/space-saving.ts';

/** Keys that a task's sketch holds for a wave. */
export const SKETCH_KEYS = 64;

/** The keys that a sketch is sure of having seen. */
export const heaviestOf = (sketch: SpaceSaving): readonly HeavyHitter[] =>
  sketch
    .keys()
    .map((key) => sketch.of(key))
    .filter(({ count, error }) => count > error);
