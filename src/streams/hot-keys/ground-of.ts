import type { DecisionGround } from '../task/reports.ts';
import type { Decision } from './rebalancer.ts';

/** The numbers of a decision as they are reported: milliseconds, and microseconds to a tenth. */
export const groundOf = ({ before, after, costs }: Omit<Decision, 'kind' | 'salted'>): DecisionGround => ({
  busiest_ms: Math.round(before.max / 1000),
  median_ms: Math.round(before.median / 1000),
  predicted_busiest_ms: Math.round(after.max / 1000),
  predicted_median_ms: Math.round(after.median / 1000),
  work_us: tenths(costs.workUs),
  send_us: tenths(costs.sendUs),
  receive_us: tenths(costs.receiveUs),
});

const tenths = (value: number): number => Math.round(value * 10) / 10;
