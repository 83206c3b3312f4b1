import type { RecordMetadata } from 'kafkajs';
import type { CommitResult } from '../log.ts';
import type { Send } from './sends.ts';

/** What the brokers' answers to sends say of a commit: the later send of a partition counts. */
export function commitResult(sent: readonly (readonly [Send, RecordMetadata | undefined])[]): CommitResult {
  const next = new Map<string, number>();
  for (const [{ topic, partition, messages }, metadata] of sent)
    if (metadata?.baseOffset !== undefined)
      next.set(`${partition} ${topic}`, Number(metadata.baseOffset) + messages.length);
  return { nextOffset: (topic, partition) => next.get(`${partition} ${topic}`) };
}
