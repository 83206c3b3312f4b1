import { readFileSync } from 'node:fs';
import type { LabReport } from '../../../src/streams/skew-lab/lab-report.ts';

/** What a run of the lab has measured: `pulse skew-lab --hot-share 0.9`, on two busy cores. */
export const sampleLab = (): LabReport =>
  JSON.parse(readFileSync(new URL('./sample-lab.json', import.meta.url), 'utf8')) as LabReport;
