import type { LabReport, LabRunEntry } from '../../skew-contract.ts';

/** The runs as `GET /api/skew-lab` answers. What is in them is the server's word. Throws where it is another answer. */
export function labRunsOf(answer: unknown): readonly LabRunEntry[] {
  if (typeof answer === 'object' && answer !== null && 'runs' in answer && Array.isArray(answer.runs))
    return answer.runs as readonly LabRunEntry[];
  throw new Error('The server gave no list of runs.');
}

/** A report as the server has checked it. Throws where it is another answer. */
export function labReportOf(answer: unknown): LabReport {
  if (typeof answer === 'object' && answer !== null && 'strategies' in answer && Array.isArray(answer.strategies))
    return answer as LabReport;
  throw new Error('The server gave no report.');
}
