import { counted } from '../counted.ts';
import type { IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { untilAborted } from '../streams/clock/until-aborted.ts';
import type { Context } from './context.ts';
import { type NamespaceLog, openToWrite } from './namespace-log.ts';
import { startWork } from './work.ts';
import { startWeb, type WebExtras } from './web.ts';
import { startSinkThread } from './workers/sink-thread.ts';

/** A source that is run, and how it is shown. */
export interface ServedSource {
  readonly context: Context;
  readonly open: (opened: NamespaceLog) => IngestSource;
  /** Threads for the stages; 1 works in the main thread. */
  readonly workers: number;
  readonly lake: boolean;
  readonly web?: WebExtras;
  /** Once the page can be opened. */
  readonly onServed: (url: string) => Promise<unknown>;
}

/** Source, stages, lake and page of a namespace in one process, until its context's signal aborts; then all of it is committed and closed. */
export async function serveSource(served: ServedSource): Promise<void> {
  const { context, workers, web, onServed } = served;
  const opened = await openToWrite(context);
  try {
    const processing = await startWork(context, opened, workers);
    try {
      const server = await startWeb(context, opened.log, { ...web, halted: processing.halted });
      try {
        await onServed(server.url);
        await playIntoLake(served, opened, processing.halted);
      } finally {
        await server.close();
      }
    } finally {
      await processing.stop();
    }
  } finally {
    await opened.log.close();
  }
}

/** Runs the source with the lake's sinks beside it, in a thread of their own. */
async function playIntoLake(served: ServedSource, opened: NamespaceLog, halted: Promise<never>): Promise<void> {
  if (!served.lake) return play(served, opened, halted);
  const sinks = startSinkThread(served.context.config, served.context.out.say);
  try {
    await play(served, opened, Promise.race([halted, sinks.halted]));
  } catch (error) {
    // On a full disk the lake's last commit fails as well: what failed first is what is told.
    await sinks.stop().catch(() => undefined);
    throw error;
  }
  await sinks.stop();
}

/** Runs the source until stopped; one that fails for good ends it all, and so does a stage that has halted. */
async function play(served: ServedSource, opened: NamespaceLog, halted: Promise<never>): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([served.context.signal, ending.signal]);
  const source = runSource(served, opened, signal);
  try {
    await Promise.race([halted, source]);
  } finally {
    ending.abort();
    // Nothing of it is at work any more when the log closes. How it failed has been told, here or by what failed first.
    await source.catch(() => undefined);
  }
}

/** A source that has ended leaves the page open. */
async function runSource({ context, open }: ServedSource, opened: NamespaceLog, signal: AbortSignal): Promise<void> {
  const outcome = await open(opened).run(signal);
  if (outcome.kind === 'stopped') return;
  context.out.say(`the source has ended after ${counted(outcome.records, 'quote')}; Ctrl-C ends`);
  await untilAborted(signal);
}
