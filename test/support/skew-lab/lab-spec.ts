import type { LabSpec } from '../../../src/streams/skew-lab/lab-spec.ts';

/** A small workload. */
export const labSpec = (given: Partial<LabSpec> = {}): LabSpec => ({
  workload: 'aggregate',
  popularity: { kind: 'hot', share: 0.9 },
  records: 4_000,
  keys: 40,
  tasks: 8,
  waves: 8,
  work: 10,
  shufflePartitions: 16,
  advisoryBytes: 8_192,
  seed: '1',
  ...given,
});
