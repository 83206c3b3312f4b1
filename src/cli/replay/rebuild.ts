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
  const isDone = await workUntil(target, opened, async (processing) => {
    const isCaughtUp = await processing.stages.caughtUp();
    meter.show(look(processing, isCaughtUp));
    return isCaughtUp;
  });
  if (isDone && input.finishedAt === null)
    await writeReplay(opened.log, opened.names.positions, { ...input, finishedAt: formatRfc3339(target.clock.now()) });
  return isDone;
}

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
