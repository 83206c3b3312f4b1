import type { HotDecision, StageReport } from '../../../src/streams/task/reports.ts';

const GROUND = {
  ...{ busiest_ms: 7900, median_ms: 1000, predicted_busiest_ms: 1180, predicted_median_ms: 1020 },
  ...{ work_us: 36.1, send_us: 2.2, receive_us: 0.6 },
};

/** What stage 1 decided about a key: by its numbers, unless they are null. */
export const decided = (at: string, kind: HotDecision['kind'], key: string, ground: typeof GROUND | null = GROUND) => ({
  decision: { at, kind, keys: [{ key, salts: 4 }], ground } satisfies HotDecision,
});

type HotReport = Pick<StageReport, 'stage' | 'topic' | 'partition'> & Partial<StageReport>;

/** A report of stage 1, with what it knows of the keys of a partition. */
export function hotReport(partition: number, report: Partial<StageReport> = {}): HotReport {
  return {
    ...{ stage: 'combine', topic: 'coingecko.markets', partition, horizon: 1000, forwarded: 0, salted: [] },
    heaviest: [
      { key: 'bitcoin', count: 420, error: 20 },
      { key: 'ethereum', count: 100, error: 20 },
    ],
    ...report,
  };
}
