import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { BenchPage } from './bench-page.ts';
import { CommitTimes, type CommitToPaint } from './commit-times.ts';
import type { FromLoad, LoadOrder, ToLoad } from './load-orders.ts';
import type { Noticed } from './page-probe.ts';
import { PulseProcess } from './pulse-process.ts';

export interface LoadOptions {
  readonly coins: number;
  /** Updates of each. */
  readonly perSecond: number;
  readonly minutes: number;
  /** Where to lay the page's profile of the last stretch. */
  readonly profile?: string | undefined;
}

/** One stretch of the run, without what measuring the heap took. */
export interface Stretch {
  readonly framesPerSecond: number;
  /** The longest time between two frames. */
  readonly longestFrameMs: number;
  readonly longTasks: number;
  /** Shares of the time that the page's main thread works: in all, in scripts, in styles and layout. */
  readonly pageBusy: number;
  readonly pageScript: number;
  readonly pageLayout: number;
  readonly serverCpu: number;
  readonly serverMemory: number;
  readonly loadCpu: number;
  /** What the load really was. */
  readonly updatesPerSecond: number;
}

export interface UnderLoad {
  readonly stretches: readonly Stretch[];
  /** Megabytes of the page's heap after a forced collection: at the start, in the middle and at the end. */
  readonly heap: readonly number[];
  readonly commitToPaint: CommitToPaint;
  readonly layoutShift: number;
}

const HISTORY_HOURS = 96;
const WARM_UP_MS = 15_000;
const STRETCHES = 10;
const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url));

/** The page over `pulse web`, reading a log that another process fills as fast as it is asked. */
export async function underLoad(browser: Browser, options: LoadOptions): Promise<UnderLoad> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-web-'));
  const load = fork(LOAD, { execArgv: ['--import', 'tsx'] });
  let server: PulseProcess | undefined;
  try {
    const order: LoadOrder = { ...options, folder, hours: HISTORY_HOURS };
    load.send(order);
    await heard(load, 'ready');
    server = await PulseProcess.start(['web'], folder);
    const times = await CommitTimes.open(folder);
    const page = await BenchPage.open(browser, server.url);
    await page.page.waitForTimeout(WARM_UP_MS);
    const measured = await measure({ page, server, load, times }, options);
    await page.close();
    await times.close();
    return measured;
  } finally {
    if (load.connected) load.send('stop' satisfies ToLoad);
    await server?.stop();
    if (load.exitCode === null) await once(load, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Parts {
  readonly page: BenchPage;
  readonly server: PulseProcess;
  readonly load: ChildProcess;
  readonly times: CommitTimes;
}

async function measure(parts: Parts, { minutes, profile }: LoadOptions): Promise<UnderLoad> {
  const { page, times } = parts;
  const stretches: Stretch[] = [];
  const heap = [await page.heap()];
  const ms = (minutes * 60_000) / STRETCHES;
  for (let i = 0; i < STRETCHES - 1; i++) {
    if (i === STRETCHES / 2) heap.push(await page.heap());
    stretches.push((await stretch(parts, ms)).stretch);
  }
  const since = await times.ends();
  await page.page.waitForTimeout(1000);
  const last = await stretch(parts, ms);
  stretches.push(last.stretch);
  heap.push(await page.heap());
  const { layoutShift } = await page.vitals();
  if (profile !== undefined)
    writeFileSync(profile, await page.profiled(() => page.page.waitForTimeout(Math.min(ms, 10_000))));
  return { stretches, heap, commitToPaint: await times.join(last.painted, since), layoutShift };
}

async function stretch(
  { page, server, load }: Parts,
  ms: number,
): Promise<{ readonly stretch: Stretch; readonly painted: Noticed['painted'] }> {
  await page.take();
  await loadFigures(load);
  const [before, worked, started] = [server.used(), await page.worked(), performance.now()];
  await page.page.waitForTimeout(ms);
  const { frames, longTasks, painted } = await page.take();
  const [after, workedAfter, seconds] = [server.used(), await page.worked(), (performance.now() - started) / 1000];
  const { perSecond, cpu } = await loadFigures(load);
  const [first = NaN, last = NaN] = [frames[0], frames.at(-1)];
  return {
    painted,
    stretch: {
      framesPerSecond: ((frames.length - 1) / (last - first)) * 1000,
      longestFrameMs: frames.slice(1).reduce((longest, at, i) => Math.max(longest, at - (frames[i] ?? at)), 0),
      longTasks: longTasks.length,
      pageBusy: (workedAfter.all - worked.all) / seconds,
      pageScript: (workedAfter.script - worked.script) / seconds,
      pageLayout: (workedAfter.layout - worked.layout) / seconds,
      serverCpu: (after.cpu - before.cpu) / seconds,
      serverMemory: after.memory,
      loadCpu: cpu,
      updatesPerSecond: perSecond,
    },
  };
}

async function loadFigures(load: ChildProcess): Promise<Extract<FromLoad, { readonly kind: 'figures' }>> {
  const figures = heard(load, 'figures');
  load.send('figures' satisfies ToLoad);
  return figures;
}

function heard<Kind extends FromLoad['kind']>(
  load: ChildProcess,
  kind: Kind,
): Promise<Extract<FromLoad, { readonly kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the load ended with ${code}`));
    load.once('exit', ended);
    load.once('message', (message: FromLoad) => {
      load.off('exit', ended);
      if (isOf(message, kind)) resolve(message);
      else reject(new Error(`the load said ${message.kind} instead of ${kind}`));
    });
  });
}

const isOf = <Kind extends FromLoad['kind']>(
  message: FromLoad,
  kind: Kind,
): message is Extract<FromLoad, { readonly kind: Kind }> => message.kind === kind;
