import { PulseError } from '../../errors.ts';
import type { BronzeSource } from '../5-lake/source/bronze-source.ts';
import type { Log, OffsetBounds, RecordBatch } from '../log/log.ts';
import type { FrozenInput } from './frozen-input.ts';
import { observedAt } from './observed-at.ts';

export interface HistoryOptions {
  /** The log that the quotes came into; it is only read. */
  readonly live: Log;
  /** The table that keeps what the topic sheds, at its newest version; undefined where there is none. */
  readonly openBronze: () => Promise<BronzeSource | undefined>;
  readonly input: FrozenInput;
}

/**
 * The quotes of a namespace up to a frozen end: Bronze's rows up to where the topic takes over, then the topic's records,
 * joined on partition and offset.
 *
 * ```
 *  offsets   0 ............ start of the topic ........ end of Bronze .... frozen end
 *  Bronze    ├──────────────────────────────────────────────┤
 *  topic                    ├────────────────────────────────────────────────┤
 *  earliest  └── Bronze ────┴──────────────── topic ─────────────────────────┘
 *  bronze    └── Bronze ────────────────────────────────────┴──── topic ─────┘
 * ```
 */
export class History {
  readonly #options: HistoryOptions;
  #bronze: BronzeSource | undefined;
  #takeovers: readonly number[] = [];
  readonly #reached = new Map<number, number>();

  private constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Rejects with `history-incomplete` where offsets are in neither. */
  static async open(options: HistoryOptions): Promise<History> {
    const history = new History(options);
    await history.reopen();
    return history;
  }

  get topic(): string {
    return this.#options.input.topic;
  }

  /** Up to when quotes are read, as they were seen, in the partition that is furthest behind; null before the first. */
  get reached(): number | null {
    return this.#reached.size === 0 ? null : Math.min(...this.#reached.values());
  }

  /** Notes how far the quotes go that were given out; a partition that is through holds nobody back. */
  note({ partition, records, nextOffset, end }: RecordBatch): void {
    const last = records.at(-1);
    if (nextOffset >= end && this.#reached.size > 1) this.#reached.delete(partition);
    else if (last !== undefined) this.#reached.set(partition, observedAt(last));
  }

  /** Takes Bronze's newest version, and the topic as it is now: either may have shed what it had before. */
  async reopen(): Promise<void> {
    const { live, input, openBronze } = this.#options;
    this.#bronze = await openBronze();
    const bounds = input.ranges.map((_, partition) => live.bounds({ topic: input.topic, partition }));
    this.#takeovers = (await Promise.all(bounds)).map((topic, partition) => this.#takeover(topic, partition));
  }

  /** The offsets to be replayed. */
  bounds(partition: number): OffsetBounds {
    const range = this.#options.input.ranges[partition];
    if (range === undefined) throw new PulseError('unknown-topic', `${this.topic} has no partition ${partition}`);
    return range;
  }

  /** The offset from which the topic is read. */
  takeover(partition: number): number {
    return this.#takeovers[partition] ?? 0;
  }

  /** Bronze's records from `from` to the {@link takeover}. */
  async *bronzeFrom(partition: number, from: number): AsyncGenerator<RecordBatch> {
    const to = this.takeover(partition);
    const { end } = this.bounds(partition);
    const at = { topic: this.topic, partition };
    // Bronze ends elsewhere than the replay does; which is what its readers go by.
    for await (const batch of this.#bronze?.read(at, from, to) ?? []) yield { ...batch, end };
  }

  /** The topic's records from `from`, which is no less than the {@link takeover}, to the frozen end. */
  topicFrom(partition: number, from: number): AsyncIterable<RecordBatch> {
    return this.#options.live.read({ topic: this.topic, partition }, from, this.bounds(partition).end);
  }

  #takeover({ start: topicStart }: OffsetBounds, partition: number): number {
    const { start, end } = this.bounds(partition);
    const within = (offset: number): number => Math.min(Math.max(offset, start), end);
    const bronzeEnd = this.#bronze?.end({ topic: this.topic, partition }) ?? 0;
    if (start < within(topicStart) && bronzeEnd < within(topicStart))
      throw incomplete(this.topic, partition, bronzeEnd, within(topicStart));
    return this.#options.input.source === 'bronze' ? within(Math.max(bronzeEnd, topicStart)) : within(topicStart);
  }
}

function incomplete(topic: string, partition: number, bronzeEnd: number, topicStart: number): PulseError {
  const where = bronzeEnd === 0 ? 'Bronze holds none of it' : `Bronze ends at ${bronzeEnd}`;
  return new PulseError(
    'history-incomplete',
    `${topic}[${partition}] begins at offset ${topicStart}, and ${where}: quotes between are in neither, so the tables could ` +
      'not be what live made of them; --from topic --again replays what the topic still has',
  );
}
