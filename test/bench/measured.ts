import process from 'node:process';
import { median, thousands } from './figures.ts';

/** Seconds that some work took, by the wall, and of all this process's threads together. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

export async function measured(work: () => Promise<void>): Promise<Timing> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

/** The medians of some runs over so many records, as a line of a report. */
export function timingLine(what: string, timings: readonly Timing[], records: number): string {
  const rate = median(timings.map(({ wall }) => records / wall));
  const cpu = median(timings.map((timing) => (timing.cpu / records) * 1e6));
  return `${what.padEnd(52)} ${thousands(rate).padStart(9)} records/s  ${cpu.toFixed(1).padStart(5)} µs CPU`;
}
