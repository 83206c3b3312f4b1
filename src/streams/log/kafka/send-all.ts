import type { Sender } from 'kafkajs';
import type { CommitResult } from '../log.ts';
import { type Codec, compressionOf } from './codecs.ts';
import { partitionName } from './partition-name.ts';
import type { Send } from './sends.ts';

/** Sends one after the other, each taken by all replicas in sync; what came of it, the later send of a partition counting. */
export async function sendAll(sender: Sender, sends: readonly Send[], codec: Codec): Promise<CommitResult> {
  const next = new Map<string, number>();
  for (const { topic, partition, messages } of sends) {
    const [metadata] = await sender.send({ topic, messages, acks: -1, compression: compressionOf(codec) });
    if (metadata?.baseOffset !== undefined)
      next.set(partitionName({ topic, partition }), Number(metadata.baseOffset) + messages.length);
  }
  return { nextOffset: (topic, partition) => next.get(partitionName({ topic, partition })) };
}
