import type { Log } from '../log/log.ts';
import { parseRfc3339Text } from '../rfc3339.ts';
import type { TopicNames } from '../topics.ts';
import { positionKey, readPositions, readStagePosition } from './positions.ts';
import type { StageShape } from './stage.ts';

/** Where a stage stands on one partition of its input. */
export interface StageLag {
  readonly partition: number;
  /** The next offset to process; undefined where it never ran. */
  readonly position: number | undefined;
  /** The offsets that the input holds. */
  readonly start: number;
  readonly end: number;
  /** When its task last said something of itself; undefined where it never did. */
  readonly reportedAt: number | undefined;
}

/** Where the stage stands on every partition, as its committed positions and its reports say it, whoever runs it. */
export async function stageLags(
  log: Log,
  names: TopicNames,
  { name, input }: StageShape,
  partitions: number,
): Promise<readonly StageLag[]> {
  const lags: StageLag[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const at = { topic: input, partition };
    const position = await readStagePosition(log, names.positions, name, at);
    const report = (await readPositions(log, names.tasks, partition)).get(positionKey(name, at));
    const { start, end } = await log.bounds(at);
    lags.push({ partition, position: position?.offset, start, end, reportedAt: reportedAt(report) });
  }
  return lags;
}

/** How many offsets are still to be processed. */
export const behind = (lags: readonly StageLag[]): number =>
  lags.reduce((sum, { position, start, end }) => sum + Math.max(0, end - (position ?? start)), 0);

function reportedAt(report: unknown): number | undefined {
  if (typeof report !== 'object' || report === null || !('reported_at' in report)) return undefined;
  return typeof report.reported_at === 'string' ? parseRfc3339Text(report.reported_at) : undefined;
}
