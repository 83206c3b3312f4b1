import type { StageReport } from '../../../streams/task/reports.ts';
import type { HotPartitionFigures, KeyWeight } from '../../pipeline-contract.ts';
import { shownName } from '../records/shown-name.ts';
import { parseTime } from '../view/fields.ts';

/** What a report says of the hot keys of its partition; undefined where its stage looks for none. */
export function hotFigures(report: StageReport, forwardedPerSecond: number | null): HotPartitionFigures | undefined {
  const { horizon, heaviest = [], salted = [] } = report;
  if (horizon === undefined) return undefined;
  const weightOf = (key: string): KeyWeight | null => {
    const found = heaviest.find((hitter) => hitter.key === key);
    if (found === undefined || horizon <= 0) return null;
    return { key: shownName(key), least: share(found.count - found.error, horizon), most: share(found.count, horizon) };
  };
  return {
    partition: report.partition,
    owner: shownName(report.owner),
    reportedAt: parseTime(report.reported_at),
    records: horizon,
    heaviest: weightOf(heaviest[0]?.key ?? ''),
    salted: salted.map(({ key, salts }) => ({ key: shownName(key), salts, weight: weightOf(key) })),
    forwarded: report.forwarded ?? 0,
    forwardedPerSecond,
  };
}

const share = (records: number, of: number): number => Math.min(1, Math.max(0, records / of));
