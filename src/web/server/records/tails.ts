import type { SchedulerLike } from 'rxjs';
import type { Log } from '../../../streams/log/log.ts';
import type { RowReader } from '../../../streams/rows/row-format.ts';
import type { RowTable } from '../../../streams/rows/row-table.ts';
import { inNamespace, type Namespace, topics } from '../../../streams/topics.ts';
import type { TailFrame, TailWish } from '../../pipeline-contract.ts';
import { tailFrame } from './tail-frame.ts';
import { type TailNews, TopicTail } from './topic-tail.ts';

/** Each costs a search through what comes. */
const MAX_FOLLOWERS = 50;

export interface TailsOptions {
  readonly log: Log;
  readonly rows: RowReader;
  readonly namespace: Namespace;
  readonly scheduler: SchedulerLike;
  readonly onNews: () => void;
}

interface Running {
  readonly tail: TopicTail;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

/** The topics that somebody looks at as they grow: each is read once, and only while somebody does. */
export class Tails {
  readonly #options: TailsOptions;
  readonly #running = new Map<string, Running>();
  readonly #followers = new Map<string, string>();

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** Whether a topic may be followed by that name. */
  knows(topic: string): boolean {
    return Object.values(topics).some(({ name }) => name === topic);
  }

  /** How many are read now. */
  get open(): number {
    return this.#running.size;
  }

  /** What of the topic is known; undefined where enough others follow one. */
  follow(client: string, wish: TailWish): TailFrame | undefined {
    if (!this.#followers.has(client) && this.#followers.size >= MAX_FOLLOWERS) return undefined;
    this.#followers.set(client, wish.topic);
    const running = this.#running.get(wish.topic) ?? this.#open(wish.topic);
    this.#closeUnwanted();
    const { kept, failure } = running.tail;
    return { ...tailFrame(wish, kept, { skipped: 0, failure }), skipped: 0 };
  }

  leave(client: string): void {
    if (this.#followers.delete(client)) this.#closeUnwanted();
  }

  /** What has come since the last call, to be told to whoever wishes it. */
  takeNews(): (wish: TailWish) => TailFrame | undefined {
    const news = new Map<string, TailNews & { readonly failure: string | undefined }>();
    for (const [topic, { tail }] of this.#running) {
      const taken = tail.takeNews();
      const { failure } = tail;
      if (taken.records.length > 0 || taken.skipped > 0 || taken.hasRecovered || failure !== undefined)
        news.set(topic, { ...taken, failure });
    }
    return (wish) => {
      const found = news.get(wish.topic);
      const frame = found && tailFrame(wish, found.records, found);
      if (frame === undefined || found?.hasRecovered) return frame;
      return frame.records.length === 0 && frame.skipped === 0 && !frame.failure ? undefined : frame;
    };
  }

  async close(): Promise<void> {
    this.#followers.clear();
    const ended = [...this.#running.values()].map((running) => running.ended);
    this.#closeUnwanted();
    await Promise.all(ended);
  }

  #open(name: string): Running {
    const { namespace } = this.#options;
    const tail = new TopicTail({ ...this.#options, topic: inNamespace(namespace, name), table: tableOf(name) });
    const stopping = new AbortController();
    const running = { tail, stopping, ended: tail.run(stopping.signal) };
    this.#running.set(name, running);
    return running;
  }

  #closeUnwanted(): void {
    const wanted = new Set(this.#followers.values());
    for (const [topic, { stopping }] of this.#running)
      if (!wanted.has(topic)) {
        stopping.abort();
        this.#running.delete(topic);
      }
  }
}

const tableOf = (topic: string): RowTable | undefined =>
  (['prices', 'features', 'movers'] as const).find((table) => topics[table].name === topic);
