import { coingeckoAccess } from '../../../../src/streams/1-ingest/coingecko/access.ts';
import {
  coingeckoSource,
  type CoingeckoOptions,
  type CoingeckoSource,
} from '../../../../src/streams/1-ingest/coingecko/coingecko-source.ts';
import type { Log } from '../../../../src/streams/log/log.ts';
import type { IngestReport } from '../../../../src/streams/task/reports.ts';
import { emptyLog, PARTITIONS } from './ingested.ts';
import { ManualClock } from './manual-clock.ts';
import { PlayedServer } from './played-server.ts';
import { until } from './until.ts';

export const NOW = Date.parse('2023-03-20T00:10:00Z');

/** A source, the server it asks, the log it writes to, and the clock it goes by. */
export class CoingeckoWorld {
  readonly clock = new ManualClock(NOW);
  readonly said: string[] = [];
  readonly reports: IngestReport[] = [];
  readonly server: PlayedServer;
  readonly log: Log;

  private constructor(server: PlayedServer, log: Log) {
    this.server = server;
    this.log = log;
  }

  static async begin(): Promise<CoingeckoWorld> {
    return new CoingeckoWorld(await PlayedServer.start(), await emptyLog());
  }

  source(options: Partial<CoingeckoOptions> = {}): CoingeckoSource {
    return coingeckoSource({
      log: this.log,
      namespace: '',
      partitions: PARTITIONS,
      scheduler: this.clock,
      logger: { info: (text) => this.said.push(text), warn: (text) => this.said.push(text) },
      onProgress: (report) => this.reports.push(report),
      access: coingeckoAccess({ plan: 'free', baseUrl: this.server.baseUrl }),
      coins: { kind: 'top', count: 100 },
      vsCurrency: 'usd',
      intervalMs: 60_000,
      timeoutMs: 5000,
      graceMs: 600_000,
      backfillDays: 0,
      random: () => 0.5,
      ...options,
    });
  }

  /** Lets time go on, a second for every few milliseconds, until the claim holds. */
  async until(claim: () => boolean): Promise<void> {
    const deadline = Date.now() + 100_000;
    while (!claim()) {
      if (Date.now() > deadline) throw new Error(`still not: ${claim.toString()}`);
      const asked = this.server.requests.length;
      this.clock.advance(1000);
      // An answer may be under way.
      let rounds = 0;
      await until(() => ++rounds > (this.server.requests.length > asked ? 20 : 3) || claim());
    }
  }

  get lastReport(): IngestReport | undefined {
    return this.reports.at(-1);
  }
}
