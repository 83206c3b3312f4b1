import type { Log } from '../log/log.ts';
import { positionKey, type StagePosition } from './positions.ts';
import type { StageShape } from './stage.ts';

/**
 * How far the stages have come, as their positions say it: whoever runs them, in this thread or elsewhere. Each look reads
 * only what has been appended to `pulse.positions` since the last.
 */
export class StageProgress {
  readonly #log: Log;
  readonly #topic: string;
  readonly #stages: readonly StageShape[];
  readonly #partitions: number;
  readonly #read: number[];
  readonly #offsets = new Map<string, number>();

  /** The stages in the order of the flow. */
  constructor(log: Log, positionsTopic: string, stages: readonly StageShape[], partitions: number) {
    this.#log = log;
    this.#topic = positionsTopic;
    this.#stages = stages;
    this.#partitions = partitions;
    this.#read = Array.from({ length: partitions }, () => 0);
  }

  /** Whether everything that the inputs hold is processed and committed, first stage first. */
  async caughtUp(): Promise<boolean> {
    for (const { name, input } of this.#stages)
      for (let partition = 0; partition < this.#partitions; partition++) {
        const at = { topic: input, partition };
        const { end } = await this.#log.bounds(at);
        await this.#look(partition);
        if ((this.#offsets.get(positionKey(name, at)) ?? 0) < end) return false;
      }
    return true;
  }

  async #look(partition: number): Promise<void> {
    const at = { topic: this.#topic, partition };
    const { start, end } = await this.#log.bounds(at);
    for await (const batch of this.#log.read(at, Math.max(start, this.#read[partition] ?? 0), end)) {
      for (const { key, value } of batch.records) {
        const { offset } = JSON.parse(String(value ?? '{}')) as Partial<StagePosition>;
        if (offset !== undefined) this.#offsets.set(String(key), offset);
      }
      this.#read[partition] = batch.nextOffset;
    }
  }
}
