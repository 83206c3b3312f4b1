import type { Log } from '../../streams/log/log.ts';
import { flow } from '../../streams/stages/flow.ts';
import { behind, type StageLag, stageLags } from '../../streams/task/stage-lag.ts';
import { TASK_SILENT_MS } from '../../streams/task/reports.ts';
import type { StageShape } from '../../streams/task/stage.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { stageMembers } from '../stage-members.ts';
import { fault, type Finding, note, ok } from './finding.ts';

/** How far each stage has come, and whether anybody works on what is left: where the flow ends. */
export async function checkFlow(context: Context, log: Log): Promise<readonly Finding[]> {
  const { namespace, partitions } = context.config.settings;
  const names = topicNames(namespace);
  const members = await stageMembers(context);
  const findings: Finding[] = [];
  for (const stage of flow(names)) {
    const lags = await stageLags(log, names, stage, partitions);
    findings.push(...unreadable(stage, lags), progress(context, stage, lags, members?.get(stage.name)));
  }
  return findings;
}

/** Positions that no task can go on from. */
const unreadable = ({ name, input }: StageShape, lags: readonly StageLag[]): readonly Finding[] =>
  lags.flatMap(({ partition, position, start, end }) => {
    if (position === undefined || (position >= start && position <= end)) return [];
    const where = position < start ? `below the first offset, ${start}` : `behind the last offset, ${end - 1}`;
    return [
      fault(
        `${name} would go on at ${position} of ${input}[${partition}], ${where}: the topic was emptied or made anew. ` +
          'Name another namespace, or remove this one with pulse reset and ingest again.',
      ),
    ];
  });

/** `members`: of the stage's group on a cluster; where there is none, reports say whether anybody is at work. */
function progress(
  { clock }: Context,
  { name, input }: StageShape,
  lags: readonly StageLag[],
  members: number | undefined,
): Finding {
  const left = behind(lags);
  const last = Math.max(...lags.map(({ reportedAt }) => reportedAt ?? -Infinity));
  const silentMs = clock.now() - last;
  const who = members === undefined || members === 0 ? '' : `; ${members} in its group`;
  if (left === 0) return ok(`${name} has processed all of ${input}${who}`);
  const lag = `${name} is ${left} offsets behind in ${input}${who}`;
  if (members === 0 || (members === undefined && silentMs > TASK_SILENT_MS))
    return note(`${lag}, and nobody works on it: run pulse process, or pulse start`);
  if (silentMs > TASK_SILENT_MS) {
    const since = last === -Infinity ? 'yet' : `for ${Math.round(silentMs / 1000)} s`;
    return note(`${lag}, and has not reported ${since}: it stands still; see what those processes say, restart them`);
  }
  return ok(`${lag}, and at work`);
}
