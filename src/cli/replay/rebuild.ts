import { IngestReporter, type ReportedProgress } from '../../streams/1-ingest/ingest-reporter.ts';
import { writeReplay } from '../../streams/replay/claim-replay.ts';
import { type ReplayFigures, ReplayProgress } from '../../streams/replay/replay-progress.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import { combineShape } from '../../streams/stages/flow.ts';
import type { Processing } from '../stages.ts';
import type { OpenedReplay } from './open-replay.ts';
import type { ReplayMeter } from './replay-meter.ts';
import { workUntil } from './work-until.ts';

/** Works until everything up to the frozen end is processed, and notes it; false where it was stopped before. */
export async function rebuild(replay: OpenedReplay, meter: ReplayMeter): Promise<boolean> {
  const { target, opened, input } = replay;
  const look = figuresOf(replay);
  const reporter = reporterOf(replay);
  try {
    const isDone = await workUntil(target, opened, async (processing) => {
      const isCaughtUp = await processing.stages.caughtUp();
      const figures = look(processing, isCaughtUp);
      meter.show(figures);
      reporter.update(reported(figures));
      return isCaughtUp;
    });
    if (isDone && input.finishedAt === null) await finish(replay);
    await reporter.end();
    return isDone;
  } catch (error) {
    await reporter.fail(error);
    throw error;
  }
}

const finish = ({ target, opened, input }: OpenedReplay): Promise<void> =>
  writeReplay(opened.log, opened.names.positions, { ...input, finishedAt: formatRfc3339(target.clock.now()) });

/** Tells the replay's own page, and the live one's, how far it is. */
const reporterOf = ({ target, opened }: OpenedReplay): IngestReporter =>
  new IngestReporter(
    {
      ...{ log: opened.log, partitions: opened.partitions, scheduler: target.clock },
      namespace: target.config.settings.namespace,
      logger: { info: target.out.say, warn: target.out.say },
    },
    'replay',
    { state: 'running' },
  );

const reported = ({ done, total, reached }: ReplayFigures): Partial<ReportedProgress> => ({
  records: done,
  progress: total === 0 ? 1 : done / total,
  ...(reached !== null && { event_time: formatRfc3339(reached) }),
});

/** Tasks that have only just begun know nothing of what was committed before. */
function figuresOf({
  target,
  opened,
  input,
  reached,
}: OpenedReplay): (processing: Processing, isDone: boolean) => ReplayFigures {
  const progress = new ReplayProgress(input.ranges);
  const { name } = combineShape(opened.names);
  return ({ stages }, isDone) => {
    const positions: number[] = isDone ? input.ranges.map(({ end }) => end) : [];
    for (const { stage, partition, task } of stages.slots())
      if (stage === name && !isDone) positions[partition] = task.committed;
    return progress.look(target.clock.now(), positions, reached());
  };
}
