import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PulseError } from '../errors.ts';
import { openLmdbView } from '../state/lmdb/lmdb-view.ts';
import { features, moverFeatures } from '../streams/4-gold/features.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import type { Log } from '../streams/log/log.ts';
import { LabFolder } from '../web/server/skew/lab-folder.ts';
import type { TimelapseControls } from '../web/server/timelapse/timelapse-controls.ts';
import { createWebServer, type WebServer } from '../web/server/web-server.ts';
import { claimFolder } from './claim-folder.ts';
import type { Context } from './context.ts';
import { diskFigures } from './disk-figures.ts';
import { labFolder } from './keep-lab-report.ts';
import { lateWarnings } from './late-warnings.ts';
import { openToRead, viewFolder } from './namespace-log.ts';
import { openRows } from './open-rows.ts';
import { ReplayBoard } from './replay/replay-board.ts';
import { replayedQuotes } from './replay/replayed-quotes.ts';
import { createLakeReader } from './workers/lake-reader.ts';

export const BUILT_PAGE = resolve(import.meta.dirname, '..', '..', 'dist', 'web');

export const isPageBuilt = (): boolean => existsSync(join(BUILT_PAGE, 'index.html'));

/** `pulse web`: the dashboard alone, until stopped. */
export async function webCommand(context: Context): Promise<void> {
  const log = await openToRead(context);
  try {
    const server = await startWeb(context, log);
    context.out.say(`the page is at ${server.url}`);
    await untilAborted(context.signal);
    await server.close();
  } finally {
    await log.close();
  }
}

/** What only some commands show. */
export interface WebExtras {
  /** Rejects where the command that it is part of fails, which warns of nothing from then on; never resolves. */
  readonly halted?: Promise<never>;
  readonly timelapse?: TimelapseControls;
}

/** Serves the page of the namespace from the log. */
export async function startWeb(context: Context, log: Log, { halted, ...extras }: WebExtras = {}): Promise<WebServer> {
  const { config, clock, out } = context;
  if (!isPageBuilt())
    throw new PulseError('file-unreadable', 'the page is not built: run `npm run prepare` in the project’s folder');
  const rows = await openRows(context);
  const view = claimFolder(viewFolder(context));
  const lake = createLakeReader(config);
  const quotes = replayedQuotes(context, log);
  const server = await createWebServer({
    log,
    rows,
    namespace: config.settings.namespace,
    host: config.settings.web.host,
    port: config.settings.web.port,
    allowedOrigins: config.settings.web.allowed_origins,
    lake,
    disk: () => diskFigures(context, lake),
    openView: (identity) => openLmdbView({ path: view.path, identity, onDiscard: out.say }),
    skewLab: new LabFolder(labFolder(config)),
    namedIn: () => quotes.find(),
    replays: new ReplayBoard(context, log),
    ...extras,
    staticPath: BUILT_PAGE,
    features,
    moverFeatures,
    scheduler: clock,
    logger: { info: () => undefined, warn: lateWarnings(context, halted) },
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      await quotes.close();
      view.release();
    },
  };
}
