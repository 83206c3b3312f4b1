/**
 * Where a replay reads: the topic, and Bronze below its start (`earliest`), Bronze as far as it goes, and the topic from there
 * (`bronze`), or what the topic still has, and nothing else (`topic`).
 */
export const replaySources = ['earliest', 'bronze', 'topic'] as const;
export type ReplaySource = (typeof replaySources)[number];
