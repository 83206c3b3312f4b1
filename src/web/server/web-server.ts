import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';
import type { ViewStore } from '../../state/view-store.ts';
import type { FeatureDeclaration } from '../../streams/4-gold/feature.ts';
import { inNamespace, topics } from '../../streams/topics.ts';
import type { Status } from '../contract.ts';
import { createFlow, type Flow } from './create-flow.ts';
import { Flusher, type FlushPace } from './flusher.ts';
import type { FrameSource } from './gateway/frames.ts';
import { Gateway } from './gateway/gateway.ts';
import { usualLimits } from './gateway/gateway-limits.ts';
import { DeadLetterAnswers } from './http/dead-letters.ts';
import { createHandler } from './http/handler.ts';
import { Downloads } from './lake/downloads.ts';
import { listen } from './listen.ts';
import { silent } from './logger.ts';
import { createWebMetrics } from './metrics.ts';
import { noteApplied } from './note-applied.ts';
import { nothingOnDisk } from './pipeline/disk-figures.ts';
import { noReplays } from './replay/replay-reader.ts';
import { statusOf } from './status-of.ts';
import { Arrival } from './view/arrival.ts';
import { registerTaskMetrics } from './task-metrics.ts';
import { CoinNames } from './view/coin-names.ts';
import { columnsOf } from './view/columns.ts';
import { Feed } from './view/feed.ts';
import { MarketView, VIEW_FORMAT } from './view/market-view.ts';
import { NameReader, type NameSource } from './view/name-reader.ts';
import { projections } from './view/projections.ts';
import type { WebServerOptions } from './web-server-options.ts';

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Ten flushes a second, which is as often as the stages commit; five of a thousand coins that all change, as a page is then
 * fluent, too. A commit that comes just behind another need not wait for its turn, which would be most of the way to the
 * screen.
 */
const usualPace: FlushPace = { everyMs: 100, keyMs: 0.1, slowestMs: 250, burst: 2, quietMs: 8, gatherMs: 50 };

const SWEEP_MS = 1000;

/**
 * Serves the dashboard of one namespace: the page, the API and the websocket, from a view of the topics that goes on where
 * it was. Resolves when the page can be opened. Rejects with `port-in-use`, and with what `openView` rejects with.
 */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { log, rows, lake, namespace, staticPath, skewLab, scheduler = asyncScheduler, logger = silent } = options;
  const columns = columnsOf(options.features, options.moverFeatures);
  const [features, movers] = [namesOf(options.features), namesOf(options.moverFeatures)];
  const shape = { format: VIEW_FORMAT, columns: JSON.stringify([features, movers]) };
  const store = await options.openView({ log: log.identity, namespace, ...shape });
  const view = new MarketView(store, columns);
  const now = (): number => scheduler.now();
  const { timelapse } = options;
  const status = (): Status =>
    statusOf(namespace, view, { ...feed.status(), isArriving: arrival.isOn }, timelapse?.state());
  const metrics = createWebMetrics({ clients: () => gateway.clients, status, now });
  const feed = new Feed({
    ...{ log, rows, namespace, view, scheduler, logger },
    projections: projections(rows, features, movers),
    onProgress: (projection, applied) => {
      if (projection && applied) noteApplied(metrics, flow, { projection, applied, isLive: feed.caughtUp, now: now() });
      arrival.note(stopped.signal);
      flusher.request();
    },
  });
  const stopped = new AbortController();
  const tell = (): void => {
    view.statusChanged();
    flusher.request();
  };
  const arrival = new Arrival({ ...{ log, namespace, view, scheduler }, onChange: tell });
  const downloads = new Downloads(lake);
  const flow: Flow = createFlow({
    ...{ log, rows, namespace, view, scheduler, logger, disk: options.disk ?? (async () => nothingOnDisk) },
    isWatched: () => gateway.isPipelineFollowed,
    onNews: () => flusher.request(),
  });
  registerTaskMetrics(metrics.registry, flow.meter, view.tasks);
  const http = createServer(
    createHandler({
      ...{ log, namespace, view, lake, downloads, columns, status, logger, staticPath, skewLab },
      replays: options.replays ?? noReplays,
      deadLetters: new DeadLetterAnswers(log, inNamespace(namespace, topics.deadLetters.name)),
      pipeline: flow.pipeline,
      isReady: () => feed.caughtUp,
      metrics: () => metrics.registry.metrics(),
    }),
  );
  const names = new CoinNames();
  const source: FrameSource = { epoch: randomUUID(), view, names, columns, status, now };
  const gateway: Gateway = new Gateway({
    ...{ http, source, flow, timelapse, scheduler, allowedOrigins: options.allowedOrigins ?? [] },
    limits: { ...usualLimits, ...options.limits },
    onEvent: (event) => metrics.gateway(event),
  });
  const flusher = new Flusher(scheduler, options.pace ?? usualPace, () =>
    gateway.flush(view.takeChanges(), flow.takeNews()),
  );
  const nameReader = new NameReader({
    ...{ view, names, scheduler, onNames: () => flusher.request(), namedIn: () => namedIn(options) },
  });
  const parts = { http, feed, nameReader, gateway, flow, flusher, downloads, store, scheduler, stopped };
  return run(options, { ...parts, steered: timelapse?.changes.subscribe(tell) });
}

/** A replay's coins have their names in another namespace; all others in their own. */
const namedIn = async ({ log, namespace, namedIn: elsewhere }: WebServerOptions): Promise<NameSource> =>
  (await elsewhere?.()) ?? { log, topic: inNamespace(namespace, topics.markets.name) };

interface Parts {
  readonly http: Server;
  readonly feed: Feed;
  readonly nameReader: NameReader;
  readonly gateway: Gateway;
  readonly flow: Flow;
  readonly flusher: Flusher;
  readonly downloads: Downloads;
  readonly store: ViewStore;
  readonly scheduler: SchedulerLike;
  readonly stopped: AbortController;
  /** What tells the pages of the time-lapse, where one is played. */
  readonly steered: Subscription | undefined;
}

/** Listens, and works until it is closed; whatever fails closes all of it. */
async function run(options: WebServerOptions, parts: Parts): Promise<WebServer> {
  const { http, feed, nameReader, gateway, flow, flusher, downloads, store, scheduler, stopped, steered } = parts;
  let running: Promise<unknown> = Promise.resolve();
  const beside: Subscription[] = steered ? [steered] : [];
  const close = async (): Promise<void> => {
    stopped.abort();
    for (const work of beside) work.unsubscribe();
    flusher.stop();
    downloads.close();
    await gateway.close();
    await flow.tails.close();
    await running;
    await options.lake.close();
    await store.close();
  };
  try {
    const url = await listen(http, options.host, options.port);
    running = Promise.all([feed.run(stopped.signal), nameReader.run(stopped.signal)]);
    beside.push(
      sweepEvery(scheduler, SWEEP_MS, () => gateway.sweep()),
      flow.meter.start(),
    );
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const namesOf = (features: readonly FeatureDeclaration[]): readonly string[] => features.map(({ name }) => name);

const sweepEvery = (scheduler: SchedulerLike, ms: number, sweep: () => void): Subscription =>
  scheduler.schedule(function again() {
    sweep();
    this.schedule(undefined, ms);
  }, ms);
