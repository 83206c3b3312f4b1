import type { Pipeline, PipelineAnswer, TailAnswer } from '../../pipeline-contract.ts';
import type { Tails } from '../records/tails.ts';
import type { Client } from './client.ts';
import { parseTail } from './hello.ts';
import { refusals } from './refusals.ts';

/** What a client may follow of the flow. */
export interface FlowSource {
  readonly tails: Tails;
  readonly pipeline: () => Pipeline;
}

/** Lets the client follow the pipeline's figures, or no longer. */
export function followPipeline({ pipeline }: FlowSource, client: Client, follows: unknown): PipelineAnswer {
  if (typeof follows !== 'boolean') return { kind: 'refused', reason: 'say true or false' };
  if (client.behindSince !== undefined) return refusals.tooSlow;
  client.follow({ pipeline: follows });
  return follows ? { kind: 'pipeline', pipeline: pipeline() } : { kind: 'none' };
}

/** Lets the client follow a topic in place of the one before, or none. */
export function followTail({ tails }: FlowSource, client: Client, asked: unknown): TailAnswer {
  const wish = parseTail(asked);
  if (wish === undefined || (wish !== null && !tails.knows(wish.topic)))
    return { kind: 'refused', reason: 'name a topic of the pipeline, and a filter of at most 200 characters' };
  if (client.behindSince !== undefined) return refusals.tooSlow;
  const frame = wish === null ? undefined : tails.follow(client.socket.id, wish);
  if (frame === undefined) tails.leave(client.socket.id);
  client.follow({ tail: frame === undefined || wish === null ? undefined : wish });
  if (wish === null) return { kind: 'none' };
  return frame === undefined ? refusals.tooManyTails : { kind: 'tail', ...frame };
}
