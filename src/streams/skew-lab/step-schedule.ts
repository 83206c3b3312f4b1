/** A step that waits for somebody to do it. */
export interface ScheduledStep {
  readonly task: number;
  readonly kind: 'forward' | 'home' | 'received' | 'reduce';
  /** How long it is expected to take, in any unit. */
  readonly weight: number;
}

const ORDER: readonly ScheduledStep['kind'][] = ['forward', 'home', 'received', 'reduce'];

/**
 * Says what is done next by whoever has nothing to do: list scheduling. A task does one step at a time, in the order forward,
 * home, received. Forwarding goes first, since others wait for it; then the task with the most work left.
 *
 * Source: R. Graham, Bounds on Multiprocessing Timing Anomalies, 1969 (longest processing time first).
 */
export class StepSchedule<Each extends ScheduledStep> {
  readonly #waiting = new Map<number, Each[]>();
  readonly #running = new Set<number>();
  #forwards = 0;

  constructor(steps: readonly Each[]) {
    for (const step of steps) this.add(step);
  }

  add(step: Each): void {
    const waiting = this.#waiting.get(step.task) ?? [];
    this.#waiting.set(step.task, waiting);
    waiting.push(step);
    waiting.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    if (step.kind === 'forward') this.#forwards++;
  }

  /** Whether all that is to be forwarded has been. */
  get hasForwarded(): boolean {
    return this.#forwards === 0;
  }

  /** The next step, which is then under way; undefined where all that waits has to wait on. */
  take(): Each | undefined {
    let best: { readonly step: Each; readonly rank: number } | undefined;
    for (const [task, waiting] of this.#waiting) {
      const step = waiting[0];
      if (step === undefined || this.#running.has(task)) continue;
      const left = waiting.reduce((sum, { weight }) => sum + weight, 0);
      const rank = step.kind === 'forward' ? Infinity : left;
      if (best === undefined || rank > best.rank) best = { step, rank };
    }
    if (best === undefined) return undefined;
    this.#waiting.get(best.step.task)?.shift();
    this.#running.add(best.step.task);
    return best.step;
  }

  /** A step that was taken is done. */
  done({ task, kind }: Each): void {
    this.#running.delete(task);
    if (kind === 'forward') this.#forwards--;
  }
}
