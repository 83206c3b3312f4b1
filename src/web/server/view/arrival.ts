import type { SchedulerLike } from 'rxjs';
import type { Log } from '../../../streams/log/log.ts';
import { inNamespace, type Namespace, topics } from '../../../streams/topics.ts';
import type { MarketView } from './market-view.ts';
import { sleep } from './sleep.ts';

/** How often it is looked whether all has come. */
const LOOK_MS = 25;
/** Where offsets don't tell (a cluster's transactions end in records that no position counts), so long a rest does. */
const QUIET_MS = 1500;
/** Nobody waits longer for the rest, whatever still comes. */
const AT_MOST_MS = 3000;
/** Above so many of those that were there, coins that came meanwhile show that the market is still arriving. */
const FEW = 0.2;

export interface ArrivalOptions {
  readonly log: Log;
  readonly namespace: Namespace;
  readonly view: Pick<MarketView, 'size' | 'position' | 'stagePosition'>;
  readonly scheduler: SchedulerLike;
  /** After it has begun, and when it is over. */
  readonly onChange: () => void;
}

/**
 * A market that begins comes in several commits on each other's heels, one for each partition. It has arrived when all that
 * has been published comes through both stages with hardly a coin that is new: shown before, every row would change its place, and the
 * chart would follow the first coin of the quickest partition.
 */
export class Arrival {
  readonly #options: ArrivalOptions;
  #state: 'awaited' | 'on' | 'over';
  #coins = 0;
  #grewAt = 0;

  /** A view that has coins already goes on where it was. */
  constructor(options: ArrivalOptions) {
    this.#options = options;
    this.#state = options.view.size === 0 ? 'awaited' : 'over';
  }

  /** Whether the first coins are there and others are behind them. */
  get isOn(): boolean {
    return this.#state === 'on';
  }

  /** To be called after every change of the view. */
  note(signal: AbortSignal): void {
    const { view, scheduler } = this.#options;
    if (this.#state === 'over' || view.size === this.#coins) return;
    this.#coins = view.size;
    this.#grewAt = scheduler.now();
    if (this.#state === 'on') return;
    this.#state = 'on';
    this.#options.onChange();
    void this.#arrived(signal)
      // A log that fails is told by the feed.
      .catch(() => undefined)
      .then(() => {
        this.#state = 'over';
        this.#options.onChange();
      });
  }

  /** Resolves once hardly a coin has come with all that was published in the meantime. */
  async #arrived(signal: AbortSignal): Promise<void> {
    const { view, scheduler } = this.#options;
    const latest = scheduler.now() + AT_MOST_MS;
    for (let coins = 0; coins * (1 + FEW) < view.size;) {
      coins = view.size;
      await this.#through(latest, signal);
      if (signal.aborted || scheduler.now() >= latest) return;
    }
  }

  /** Resolves once what is published now has come through both stages into the view. */
  async #through(latest: number, signal: AbortSignal): Promise<void> {
    const { view, scheduler } = this.#options;
    const of = ({ name }: { readonly name: string }): string => inNamespace(this.#options.namespace, name);
    const readers: readonly (readonly [string, (partition: number) => number | undefined])[] = [
      [of(topics.markets), (partition) => view.stagePosition(`combine|${of(topics.markets)}|${partition}`)],
      [of(topics.partials), (partition) => view.stagePosition(`maintain|${of(topics.partials)}|${partition}`)],
      [of(topics.features), (partition) => view.position(`${topics.features.name}/${partition}`)],
    ];
    for (const [topic, positionOf] of readers) {
      const ends = await this.#ends(topic);
      const isPast = (): boolean => ends.every((end, partition) => (positionOf(partition) ?? 0) >= end);
      while (!isPast()) {
        const now = scheduler.now();
        if (signal.aborted || now >= latest || now >= this.#grewAt + QUIET_MS) return;
        await sleep(scheduler, LOOK_MS, signal);
      }
    }
  }

  async #ends(topic: string): Promise<readonly number[]> {
    const { log } = this.#options;
    const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
    const bounds = Array.from({ length: partitions }, (_, partition) => log.bounds({ topic, partition }));
    return (await Promise.all(bounds)).map(({ end }) => end);
  }
}
