import type { LabFolder } from '../skew/lab-folder.ts';
import type { LabRuns } from '../../skew-contract.ts';
import { type Answer, failure, ok } from './answer.ts';

/** `/api/skew-lab`: the lab's reports, the newest first; `/api/skew-lab/:id`: one of them. */
export async function answerSkewLab(folder: LabFolder, segments: readonly string[]): Promise<Answer> {
  const [id] = segments;
  if (id === undefined) return ok({ runs: await folder.runs() } satisfies LabRuns);
  const report = segments.length === 1 ? await folder.report(id) : undefined;
  if (report === undefined) return failure(404, 'no-such-report', 'There is no such report; see /api/skew-lab.');
  return typeof report === 'string' ? failure(422, 'no-report', `The file can’t be shown: ${report}.`) : ok(report);
}
