import type { Replays } from '../../replay-contract.ts';

/** The replays as `GET /api/replays` answers. What is in them is the server's word. Throws where it is another answer. */
export function replaysOf(answer: unknown): Replays {
  if (typeof answer === 'object' && answer !== null && 'replays' in answer && Array.isArray(answer.replays))
    return answer as Replays;
  throw new Error('The server gave no list of replays.');
}
