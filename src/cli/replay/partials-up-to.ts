import { PulseError } from '../../errors.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { combineShape } from '../../streams/stages/flow.ts';
import { readStagePosition } from '../../streams/task/positions.ts';
import type { NamespaceLog } from '../namespace-log.ts';

/**
 * By partition: where the partials end, stage 1 having come to that end of the quotes. Rejects with `log-locked` where it has gone
 * beyond, so that there are partials of later quotes among them: on a cluster another process may have begun to work meanwhile.
 */
export async function partialsUpTo({ log, names }: NamespaceLog, { ranges }: FrozenInput): Promise<number[]> {
  const bounds = ranges.map((_, partition) => log.bounds({ topic: names.partials, partition }));
  const ends = (await Promise.all(bounds)).map(({ end }) => end);
  // Only now: what stage 1 has committed until then may be among those partials.
  const { name, input: topic } = combineShape(names);
  for (const [partition, { end }] of ranges.entries()) {
    const offset = (await readStagePosition(log, names.positions, name, { topic, partition }))?.offset ?? 0;
    if (offset > end)
      throw new PulseError(
        'log-locked',
        `another process has begun to work on ${topic}[${partition}], which is at ${offset} and was to stop at ${end}: stop it, ` +
          'and promote again',
      );
  }
  return ends;
}
