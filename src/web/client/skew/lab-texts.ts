import type { LabReport, LabRunEntry } from '../../skew-contract.ts';
import { formatCounted, formatExact } from '../format/count.ts';
import { formatLarge } from '../format/large.ts';
import { formatTime, type Zone } from '../format/time.ts';

export type StrategyName = LabReport['strategies'][number]['strategy'];
type Spec = LabReport['spec'];

/** What each strategy does, for who sees it for the first time. */
export const strategyTexts: Readonly<Record<StrategyName, string>> = {
  naive: 'Every key stays where its hash puts it.',
  salted: 'Hot keys are known beforehand: their records are dealt out by whoever writes them.',
  adaptive: 'Nothing is known beforehand: a straggler is measured, and its hot keys’ records are sent on.',
};

/** How the records are shared out over the keys. */
export const popularityText = ({ popularity }: Spec): string => {
  if (popularity.kind === 'hot') return `one key with ${+(popularity.share * 100).toFixed(1)}%`;
  return popularity.exponent === 0 ? 'uniform' : `Zipf ${popularity.exponent}`;
};

/** What was run, in one line. */
export function specText({ spec, recordBytes }: LabReport): string {
  const { records, keys, workload, tasks, waves, seed } = spec;
  const quotes = `${formatExact(records)} quotes of ${Math.round(recordBytes)} bytes, ${formatCounted(keys, 'key')}`;
  return `${quotes}, ${popularityText(spec)}; ${workload}, ${formatCounted(tasks, 'task')}, ${formatCounted(waves, 'wave')}, seed ${seed}`;
}

/** Where it was run, and what a record takes. */
export function machineText({ machine, calibrated }: LabReport): string {
  const { cores, workers, node } = machine;
  const place = `${formatCounted(workers, 'worker thread')} on ${formatCounted(cores, 'core')}, Node ${node}`;
  return `${place}; a record’s work takes ${calibrated.workUs.toFixed(1)} µs of processor time`;
}

/** A run in the list of runs. */
export function runText({ at, spec, id }: LabRunEntry, zone: Zone): string {
  const when = formatTime(at, 'full', zone);
  return spec === null
    ? `${when} · ${id}`
    : `${when} · ${popularityText(spec)}, ${spec.workload}, ${formatCounted(spec.tasks, 'task')}`;
}

/** Larger numbers are of no run; they are written short, so that they break nothing. */
const LARGEST = 1e8;

/** Milliseconds with the digits that matter: `0.42`, `8.1`, `93`, `6,572`. */
export function formatMs(ms: number): string {
  if (ms > LARGEST) return formatLarge(ms);
  if (ms >= 9.95) return formatExact(Math.round(ms));
  return ms >= 0.995 ? ms.toFixed(1) : ms.toFixed(2);
}

/** max/median; without a number where the median has nothing to do. */
export const formatRatio = (ratio: number | null): string => {
  if (ratio === null) return '∞';
  if (ratio > LARGEST) return formatLarge(ratio);
  return ratio < 9.995 ? ratio.toFixed(2) : ratio < 99.95 ? ratio.toFixed(1) : formatExact(Math.round(ratio));
};
