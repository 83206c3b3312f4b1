import type { TaskFigures } from '../../pipeline-contract.ts';

/** A task with nothing to do reports every 15 s: one that has been silent for so long is at work no more, or cut off. */
const SILENT_MS = 20_000;

/** One stage's tasks together. */
export interface StageSummary {
  readonly tasks: number;
  readonly owners: number;
  /** The share of its time that the busiest one is at work; null while none is known. */
  readonly busiest: number | null;
  readonly silent: number;
}

export function stageSummary(tasks: readonly TaskFigures[], stage: string, now: number): StageSummary {
  const own = tasks.filter((task) => task.stage === stage);
  const busy = own.flatMap((task) => (isSilent(task, now) ? [] : (task.busy ?? [])));
  return {
    tasks: own.length,
    owners: new Set(own.map(({ owner }) => owner)).size,
    busiest: busy.length === 0 ? null : Math.max(...busy),
    silent: own.filter((task) => isSilent(task, now)).length,
  };
}

export const isSilent = ({ reportedAt }: TaskFigures, now: number): boolean => now - reportedAt > SILENT_MS;

/** A share of the time: `0%`, `<1%`, `37%`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 1 ? '<1%' : `${Math.round(percent)}%`;
}
