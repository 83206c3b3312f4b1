import type { DeadLetters } from '../../pipeline-contract.ts';

/** A page of dead letters as `GET /api/dead-letters` answers; undefined where it is none. What is in it is the server's word. */
export function lettersOf(answer: unknown): DeadLetters | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (!('letters' in answer) || !Array.isArray(answer.letters)) return undefined;
  if (!('partitions' in answer) || !Array.isArray(answer.partitions)) return undefined;
  return answer as DeadLetters;
}
