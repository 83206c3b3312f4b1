import { PulseError } from '../../errors.ts';
import type { BronzeSource } from '../5-lake/source/bronze-source.ts';
import type { Log } from '../log/log.ts';
import type { Namespace } from '../topics.ts';
import type { FrozenInput } from './frozen-input.ts';
import type { ReplaySource } from './replay-sources.ts';

export interface FreezeOptions {
  readonly live: Log;
  readonly of: Namespace;
  readonly topic: string;
  readonly partitions: number;
  readonly source: ReplaySource;
  /** Undefined where the namespace has no Bronze. */
  readonly bronze: BronzeSource | undefined;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** What there is to be replayed now: from the earliest offset that is kept anywhere up to each partition's present end. */
export async function freezeInput(options: FreezeOptions): Promise<FrozenInput> {
  const { live, of, topic, partitions, source, bronze, startedAt } = options;
  const rangeOf = async (partition: number): Promise<FrozenInput['ranges'][number]> => {
    const { start, end } = await live.bounds({ topic, partition });
    if (source === 'topic') return { start, end };
    const bronzeEnd = bronze?.end({ topic, partition });
    // A table that has some of the partition has all since its sink began: what is not there was never anywhere.
    return { start: bronzeEnd === undefined ? wholeFrom(start, topic, partition) : 0, end };
  };
  const ranges = await Promise.all(Array.from({ length: partitions }, (_, partition) => rangeOf(partition)));
  const topicId = await live.topics.id(topic);
  return {
    ...{ of, log: live.identity, topic, source, ranges, startedAt, finishedAt: null },
    ...(topicId !== undefined && { topicId }),
  };
}

function wholeFrom(start: number, topic: string, partition: number): number {
  if (start === 0) return 0;
  throw new PulseError(
    'history-incomplete',
    `${topic}[${partition}] begins at offset ${start}, and there is no Bronze: what was before is nowhere, so the tables could ` +
      'not be what live made of it; --from topic replays what the topic still has',
  );
}
