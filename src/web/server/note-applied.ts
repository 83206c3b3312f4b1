import type { Flow } from './create-flow.ts';
import type { WebMetrics } from './metrics.ts';
import type { Applied } from './view/applied.ts';
import type { Projection } from './view/projections.ts';

/** Counts what the view has taken in, and how long after it was appended. */
export function noteApplied(metrics: WebMetrics, { meter }: Flow, progress: AppliedAt): void {
  const { projection, applied, isLive, now } = progress;
  metrics.applied(projection.topic, applied.records, applied.unreadable.length);
  // Of what lay there before this server began, the time says nothing.
  if (isLive && applied.appendedAt > 0) meter.reachedView(projection.topic, now - applied.appendedAt);
}

interface AppliedAt {
  readonly projection: Projection;
  readonly applied: Applied;
  readonly isLive: boolean;
  readonly now: number;
}
