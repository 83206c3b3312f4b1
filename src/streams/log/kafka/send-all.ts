import type { Sender } from 'kafkajs';
import { PulseError } from '../../../errors.ts';
import type { CommitResult } from '../log.ts';
import { type Codec, compressionOf } from './codecs.ts';
import { partitionName } from './partition-name.ts';
import type { Send } from './sends.ts';

/**
 * Sends one after the other, each taken by all replicas in sync; what came of it, the later send of a partition counting.
 * Goes no further once the signal has aborted. Takes nothing for sent that no broker has answered for.
 */
export async function sendAll(
  sender: Sender,
  sends: readonly Send[],
  codec: Codec,
  signal?: AbortSignal,
): Promise<CommitResult> {
  const next = new Map<string, number>();
  for (const { topic, partition, messages } of sends) {
    signal?.throwIfAborted();
    const answers = await sender.send({ topic, messages, acks: -1, compression: compressionOf(codec) });
    const [answer] = answers;
    if (answers.length !== 1 || answer?.partition !== partition || answer.baseOffset === undefined)
      throw new PulseError('log-unavailable', `no broker has answered for what was sent to ${topic}[${partition}]`);
    next.set(partitionName({ topic, partition }), Number(answer.baseOffset) + messages.length);
  }
  return { nextOffset: (topic, partition) => next.get(partitionName({ topic, partition })) };
}
