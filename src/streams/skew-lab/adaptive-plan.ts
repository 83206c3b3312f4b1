import type { LaneDemand, RecordCosts } from '../hot-keys/lane-demand.ts';
import { HeavyHitters } from '../hot-keys/heavy-hitters.ts';
import { adaptiveSpec, type Decision, Rebalancer } from '../hot-keys/rebalancer.ts';
import type { HeavyHitter } from '../hot-keys/space-saving.ts';
import type { Plan } from './steps.ts';

/** What came in for a task in a wave, whether or not it stayed. */
export interface Arrived {
  readonly task: number;
  readonly records: number;
  readonly heaviest: readonly HeavyHitter[];
}

/** A decision, and the wave that it was made after. */
export interface LabDecision extends Decision {
  readonly wave: number;
}

/** The horizon that is looked at, in waves. */
const HORIZON_WAVES = 4;

/**
 * What is salted, decided anew after each wave by the rules of the {@link Rebalancer}, from what came in and what it cost.
 * All of a backlog is there at once, so its time is counted in waves: one lasts as long as the executors need for it at best.
 */
export class AdaptivePlan {
  readonly decisions: LabDecision[] = [];
  readonly #waveMs: number;
  readonly #executors: number;
  readonly #rebalancer: Rebalancer;
  readonly #hitters: HeavyHitters[];
  readonly #arrived: number[][] = [];
  #plan: Plan = { salted: [] };

  /** `waveMs`: how long a wave takes at best; `executors`: how many tasks can be at work at once. */
  constructor(tasks: number, executors: number, waveMs: number) {
    this.#waveMs = waveMs;
    this.#executors = executors;
    const scale = (HORIZON_WAVES * waveMs) / adaptiveSpec.horizonMs;
    this.#rebalancer = new Rebalancer({
      ...adaptiveSpec,
      horizonMs: adaptiveSpec.horizonMs * scale,
      calmMs: adaptiveSpec.calmMs * scale,
      dwellMs: adaptiveSpec.dwellMs * scale,
    });
    const horizon = { horizonMs: HORIZON_WAVES, panes: HORIZON_WAVES, capacity: 64 };
    this.#hitters = Array.from({ length: tasks }, () => new HeavyHitters(horizon));
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** A wave is done. */
  look(wave: number, arrived: readonly Arrived[], costs: RecordCosts): void {
    this.#arrived.push(this.#hitters.map((_, task) => arrived.find((each) => each.task === task)?.records ?? 0));
    if (this.#arrived.length > HORIZON_WAVES) this.#arrived.shift();
    for (const { task, heaviest } of arrived)
      for (const { key, count, error } of heaviest) this.#hitters[task]?.add(key, count, wave, error);
    const decision = this.#rebalancer.look(wave * this.#waveMs, this.#demands(wave), costs);
    if (decision === undefined) return;
    this.#plan = { salted: decision.salted };
    this.decisions.push({ ...decision, wave });
  }

  #demands(wave: number): readonly LaneDemand[] {
    return this.#hitters.map((hitters, lane) => ({
      lane,
      owner: `executor ${lane % this.#executors}`,
      records: this.#arrived.reduce((sum, each) => sum + (each[lane] ?? 0), 0),
      heaviest: hitters.heaviest(wave).keys,
    }));
  }
}
