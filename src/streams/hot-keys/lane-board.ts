import { parseRfc3339Text } from '../rfc3339.ts';
import { type StageReport, TASK_SILENT_MS } from '../task/reports.ts';
import type { LaneDemand } from './lane-demand.ts';

/** What comes in for every lane, as the latest reports of stage 1 have it. */
export class LaneBoard {
  readonly #stage: string;
  readonly #reports = new Map<number, StageReport>();

  constructor(stage: string) {
    this.#stage = stage;
  }

  hear(report: StageReport): void {
    if (report.stage === this.#stage) this.#reports.set(report.partition, report);
  }

  /** The lanes that somebody works on, in order. What waits for one is taken to be of the same keys as what came. */
  demands(now: number): readonly LaneDemand[] {
    return [...this.#reports.values()]
      .filter(({ reported_at: at }) => now - (parseRfc3339Text(at) ?? -Infinity) <= TASK_SILENT_MS)
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, owner, horizon = 0, lag, heaviest = [] }) => {
        const factor = horizon === 0 ? 0 : (horizon + lag) / horizon;
        const waiting = heaviest.map(({ key, count, error }) => ({
          key,
          count: count * factor,
          error: error * factor,
        }));
        return { lane: partition, owner, records: horizon + lag, heaviest: waiting };
      });
  }
}
