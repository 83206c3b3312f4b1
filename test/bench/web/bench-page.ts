import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { installProbe, type Noticed, type Vitals } from './page-probe.ts';

const COLLECTIONS = 5;
const SIZE = { width: 1280, height: 800 };

/** Seconds that the page's main thread has worked: in all, in scripts, and in styles and layout; the rest is mostly painting. */
export interface Worked {
  readonly all: number;
  readonly script: number;
  readonly layout: number;
}

/** The page in a fresh profile of a real Chromium, with the probe in it. */
export class BenchPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #cdp: CDPSession;

  private constructor(context: BrowserContext, page: Page, cdp: CDPSession) {
    this.#context = context;
    this.page = page;
    this.#cdp = cdp;
  }

  /** Resolves once the chart's first hours are on the screen. */
  static async open(browser: Browser, url: string): Promise<BenchPage> {
    const context = await browser.newContext({ viewport: SIZE, colorScheme: 'dark' });
    const page = await context.newPage();
    // What runs these files keeps the names of functions with a call that pages don't have.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(installProbe);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => !Number.isNaN(globalThis.probe.vitals().chartAt), undefined, { timeout: 60_000 });
    return new BenchPage(context, page, await context.newCDPSession(page));
  }

  take(): Promise<Noticed> {
    return this.page.evaluate(() => globalThis.probe.take());
  }

  vitals(): Promise<Vitals> {
    return this.page.evaluate(() => globalThis.probe.vitals());
  }

  /** Megabytes of the page's JavaScript heap that something still refers to: the least that is left by some collections. */
  async heap(): Promise<number> {
    await this.#cdp.send('HeapProfiler.enable');
    let least = Infinity;
    for (let i = 0; i < COLLECTIONS; i++) {
      // One alone may leave what has just been given up, and the page goes on meanwhile.
      await this.#cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await this.#cdp.send('Runtime.getHeapUsage');
      least = Math.min(least, usedSize / 1e6);
    }
    return least;
  }

  /** What the main thread has worked so far. */
  async worked(): Promise<Worked> {
    await this.#cdp.send('Performance.enable');
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    return {
      all: of('TaskDuration'),
      script: of('ScriptDuration'),
      layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    };
  }

  /** Runs the work under the profiler; the profile, as Chromium's tools open it. */
  async profiled(work: () => Promise<unknown>): Promise<string> {
    await this.#cdp.send('Profiler.enable');
    await this.#cdp.send('Profiler.start');
    await work();
    const { profile } = await this.#cdp.send('Profiler.stop');
    return JSON.stringify(profile);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
