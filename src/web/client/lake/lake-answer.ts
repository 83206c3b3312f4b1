import type { Lake } from '../../contract.ts';

/** The lake as `GET /api/lake` answers; undefined where it is none. What is in it is the server's word. */
export function lakeOf(answer: unknown): Lake | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (!('tables' in answer) || !Array.isArray(answer.tables)) return undefined;
  if (!('downloads' in answer) || !Array.isArray(answer.downloads)) return undefined;
  if (!('problems' in answer) || !Array.isArray(answer.problems)) return undefined;
  return answer as Lake;
}
