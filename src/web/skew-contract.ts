import type { LabReport } from '../streams/skew-lab/lab-report.ts';
import type { LabSpec } from '../streams/skew-lab/lab-spec.ts';

/*
 * What the server tells of the Skew Lab's runs. Times are milliseconds since the epoch unless a name says otherwise; texts may
 * hold anything, and are to be shown as text.
 */

/** The answer to `GET /api/skew-lab`. */
export interface LabRuns {
  /** The newest first, at most {@link MAX_RUNS}. */
  readonly runs: readonly LabRunEntry[];
}

/** A report that lies in the folder of the lab's reports. */
export interface LabRunEntry {
  /** Its file's name; `GET /api/skew-lab/:id` is the report itself, a {@link LabReport}. */
  readonly id: string;
  /** When it was written. */
  readonly at: number;
  /** What was run; null where the file holds no report. */
  readonly spec: LabSpec | null;
  /** What is wrong with the file; null where nothing is. */
  readonly problem: string | null;
}

export type { LabReport };

export const MAX_RUNS = 50;
