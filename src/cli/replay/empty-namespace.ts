import { PulseError } from '../../errors.ts';
import { readPositions } from '../../streams/task/positions.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Log } from '../../streams/log/log.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead, partitionsMade } from '../namespace-log.ts';
import { resetNamespace } from '../reset.ts';
import { namespaceText } from './replay-contexts.ts';

const PARTITION = 0;
const KIND_KEY = 'namespace';

/** What a namespace may hold that is emptied for another of its kind. */
export interface Emptied {
  /** The key of `pulse.positions` that tells of it. */
  readonly key: string;
  /** As a sentence has it. */
  readonly what: string;
}

/** Empties the namespace; rejects with `wrong-namespace-kind`, and removes nothing, where it holds anything but what is named. */
export async function emptyNamespace(target: Context, emptied: Emptied): Promise<void> {
  if (mayHaveLog(target)) await refuseOthers(target, emptied);
  await resetNamespace(target);
}

async function refuseOthers(target: Context, { key, what }: Emptied): Promise<void> {
  const { namespace } = target.config.settings;
  const log = await openToRead(target);
  try {
    const { positions } = topicNames(namespace);
    const isClaimable = (await log.topics.describe(positions)) !== undefined;
    const found = isClaimable ? await readPositions(log, positions, PARTITION) : new Map<string, unknown>();
    if (found.has(KIND_KEY) ? found.has(key) : !(await hasQuotes(target, log))) return;
    throw new PulseError(
      'wrong-namespace-kind',
      `${namespaceText(namespace)} holds something else than ${what}, which would empty it: name another one with --namespace`,
    );
  } finally {
    await log.close();
  }
}

/** Whoever sends quotes by a client of their own claims nothing. */
async function hasQuotes(target: Context, log: Log): Promise<boolean> {
  const partitions = (await partitionsMade(target, log)) ?? 0;
  const topic = topicNames(target.config.settings.namespace).markets;
  const bounds = Array.from({ length: partitions }, (_, partition) => log.bounds({ topic, partition }));
  return (await Promise.all(bounds)).some(({ end }) => end > 0);
}
