import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import type { Executors } from './executors.ts';
import type { LabReport, Machine } from './lab-report.ts';
import type { Strategy } from '../hot-keys/strategies.ts';
import { ArenaReader } from './record-arena.ts';
import { reportStrategy } from './report-strategy.ts';
import { type Lab, runStrategy } from './run-strategy.ts';
import type { LabSetup } from './step-runner.ts';

export interface LabRun {
  readonly setup: LabSetup;
  readonly strategies: readonly Strategy[];
  /** Begun with the same setup. */
  readonly executors: Executors;
  /** For how many executors the makespan is computed, beside those that there are. */
  readonly simulated: number;
  readonly machine: Machine;
  /** Real time, in milliseconds with fractions. */
  readonly clock: () => number;
}

/** Runs one workload by each of the strategies. Throws where a record got lost or was worked on twice. */
export async function runLab(run: LabRun): Promise<LabReport> {
  const { setup, strategies, executors, simulated, machine, clock } = run;
  const { spec } = setup;
  const arena = new ArenaReader(setup.arena);
  const calibrated = await calibratedOn(executors);
  const mostExecutors = Math.max(executors.count, simulated);
  const lab: Lab = { spec, arena, executors, mostExecutors, clock, calibrated };
  const reports = [];
  for (const strategy of strategies) {
    const measured = await runStrategy(lab, strategy);
    if (measured.records !== spec.records)
      throw new Error(`${strategy} worked on ${measured.records} records of ${spec.records}`);
    reports.push(reportStrategy(measured, spec, [...new Set([executors.count, mostExecutors])]));
  }
  return {
    ...{ spec, machine, calibrated, recordBytes: arena.bytes / arena.records, strategies: reports },
    isIdentical: new Set(reports.map(({ hash }) => hash)).size === 1,
  };
}

/** What records cost by the cheapest executor's word: all were compiling code at the same time. */
async function calibratedOn(executors: Executors): Promise<RecordCosts> {
  const all = Array.from({ length: executors.count }, (_, executor) => executors.run(executor, { kind: 'calibrate' }));
  const found = (await Promise.all(all)).flatMap((done) => (done.kind === 'calibrated' ? [done.costs] : []));
  const least = (cost: keyof RecordCosts): number => Math.min(...found.map((costs) => costs[cost]));
  return { workUs: least('workUs'), sendUs: least('sendUs'), receiveUs: least('receiveUs') };
}
