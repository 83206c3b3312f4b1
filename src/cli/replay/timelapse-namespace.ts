import { PulseError } from '../../errors.ts';
import { TIMELAPSE_KEY } from '../../streams/replay/timelapse/timelapse-source.ts';
import { readPositions } from '../../streams/task/positions.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead } from '../namespace-log.ts';
import { resetNamespace } from '../reset.ts';
import { namespaceText } from './replay-contexts.ts';

const PARTITION = 0;
const KIND_KEY = 'namespace';

/** Where the time-lapse of a namespace is played unless another one is named. */
export const timelapseNamespace = (live: string): string => (live === '' ? 'timelapse' : `${live}-timelapse`);

/** Empties the namespace for a time-lapse; rejects with `wrong-namespace-kind` where it holds anything but an earlier one. */
export async function emptyForTimelapse(target: Context): Promise<void> {
  if (mayHaveLog(target)) await refuseOthers(target);
  await resetNamespace(target);
}

async function refuseOthers(target: Context): Promise<void> {
  const { namespace } = target.config.settings;
  const log = await openToRead(target);
  try {
    const { positions } = topicNames(namespace);
    if ((await log.topics.describe(positions)) === undefined) return;
    const found = await readPositions(log, positions, PARTITION);
    if (!found.has(KIND_KEY) || found.has(TIMELAPSE_KEY)) return;
    throw new PulseError(
      'wrong-namespace-kind',
      `${namespaceText(namespace)} holds something else than a time-lapse, which would empty it: name another one with --namespace`,
    );
  } finally {
    await log.close();
  }
}
