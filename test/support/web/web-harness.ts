import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { LabFolder } from '../../../src/web/server/skew/lab-folder.ts';
import { createWebServer, type WebServer } from '../../../src/web/server/web-server.ts';
import type { WebServerOptions } from '../../../src/web/server/web-server-options.ts';
import { emptyLake } from './empty-lake.ts';
import { jsonRows } from '../rows/json-rows.ts';
import { MarketFeeder } from './market-feeder.ts';
import { TestPage } from './test-page.ts';

export interface HarnessOptions {
  readonly topics?: boolean;
  /** Of the log and the server. */
  readonly time?: SchedulerLike;
  readonly partitions?: number;
}

/** A web server over a log in memory, on a free port, and pages to connect to it; `close` ends them all. */
export class WebHarness {
  readonly log: Log;
  readonly feeder: MarketFeeder;
  readonly time: SchedulerLike;
  readonly warnings: string[] = [];
  readonly #ends: (() => unknown)[] = [];

  constructor(time: SchedulerLike = asyncScheduler, partitions = 2) {
    this.time = time;
    this.log = createMemoryLog({ time });
    this.feeder = new MarketFeeder(this.log, '', partitions);
  }

  /** With topics, unless they are not wanted yet. */
  static async create({ topics = true, ...given }: HarnessOptions = {}): Promise<WebHarness> {
    const harness = new WebHarness(given.time, given.partitions);
    if (topics) await harness.feeder.createTopics();
    return harness;
  }

  async serve(options: Partial<WebServerOptions> = {}): Promise<WebServer> {
    const server = await createWebServer({
      log: this.log,
      rows: jsonRows(),
      namespace: '',
      host: '127.0.0.1',
      port: 0,
      lake: emptyLake,
      openView: async () => openMemoryView(),
      skewLab: new LabFolder('/nowhere'),
      staticPath: '/nowhere',
      scheduler: this.time,
      features,
      moverFeatures,
      pace: { everyMs: 20, keyMs: 0, slowestMs: 0, burst: 1, quietMs: 5, gatherMs: 5 },
      logger: { info: () => undefined, warn: (message) => this.warnings.push(message) },
      ...options,
    });
    this.#ends.push(() => server.close());
    return server;
  }

  /** A connected page. */
  page(url: string, hello: object = {}, headers: Record<string, string> = {}): TestPage {
    const page = new TestPage(url, hello, headers);
    this.#ends.push(() => page.close());
    return page;
  }

  /** A folder that goes with the harness. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'pulse-web-'));
    this.#ends.unshift(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
    await this.log.close();
  }
}

const WITHIN_MS = 110_000;

/** Resolves when the condition holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const since = Date.now(); !(await holds()); await new Promise((resolve) => setTimeout(resolve, 10)))
    if (Date.now() - since > WITHIN_MS) throw new Error(`waited in vain until ${what}`);
}

/** Resolves when the server's view has caught up with the log. */
export const ready = (url: string): Promise<void> =>
  until(async () => (await fetch(`${url}/readyz`)).status === 200, 'the server is ready');
