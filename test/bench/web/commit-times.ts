import { join } from 'node:path';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { topics } from '../../../src/streams/topics.ts';
import { formatPrice, priceDecimals } from '../../../src/web/client/format/price.ts';
import type { Painted } from './page-probe.ts';

/** How far back the commit of a price is looked for that is on the screen. */
const WITHIN_MS = 10_000;

/** The ends of the topic's partitions. */
type Ends = readonly number[];

/** What became of the prices that were painted. */
export interface CommitToPaint {
  /** Milliseconds. */
  readonly delays: readonly number[];
  /** Painted prices of which the log holds several commits, or none, that they may come from: not counted. */
  readonly unclear: number;
}

/**
 * Joins what a page has painted with the rows in the log, which another process writes. A commit's time is the one that the
 * log stamps its records with, just before it writes and syncs them: the delays hold the durable commit itself.
 */
export class CommitTimes {
  readonly #log: Log;
  readonly #topic = topics.features.name;

  private constructor(log: Log) {
    this.#log = log;
  }

  static async open(folder: string): Promise<CommitTimes> {
    return new CommitTimes(await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' }));
  }

  async ends(): Promise<Ends> {
    const { partitions = 0 } = (await this.#log.topics.describe(this.#topic)) ?? {};
    const bounds = Array.from({ length: partitions }, (_, partition) =>
      this.#log.bounds({ topic: this.#topic, partition }),
    );
    return (await Promise.all(bounds)).map(({ end }) => end);
  }

  async join(painted: readonly Painted[], since: Ends): Promise<CommitToPaint> {
    const commits = await this.#commits(new Set(painted.map(({ coin }) => coin)), since);
    const delays: number[] = [];
    for (const { coin, text, at } of painted) {
      const times = commits.get(`${coin}\n${text}`) ?? [];
      const possible = times.filter((time) => time <= at && time > at - WITHIN_MS);
      const [only] = possible;
      if (only !== undefined && possible.length === 1) delays.push(at - only);
    }
    return { delays, unclear: painted.length - delays.length };
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  /** The commits of these coins' prices, by coin and by the price as a page writes it. */
  async #commits(coins: ReadonlySet<string>, since: Ends): Promise<ReadonlyMap<string, readonly number[]>> {
    const commits = new Map<string, number[]>();
    for (const [partition, from] of since.entries()) {
      const at = { topic: this.#topic, partition };
      const { end } = await this.#log.bounds(at);
      for await (const { records } of this.#log.read(at, from, end))
        for (const { key, value, timestamp } of records) {
          const coin = key?.toString().split('|')[0] ?? '';
          if (value === null || !coins.has(coin)) continue;
          const { price } = JSON.parse(value.toString()) as { readonly price: number };
          const shown = `${coin}\n${formatPrice(price, priceDecimals(price))}`;
          const times = commits.get(shown);
          if (times === undefined) commits.set(shown, [timestamp]);
          else if (times.at(-1) !== timestamp) times.push(timestamp);
        }
    }
    return commits;
  }
}
