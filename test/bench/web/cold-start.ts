import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { BenchPage } from './bench-page.ts';
import { PulseProcess } from './pulse-process.ts';
import { simulatedMarket } from './simulated-market.ts';

/** Milliseconds, but for the layout's shift. */
export interface ColdStart {
  /** From the spawn of `pulse start` over an empty folder until it says where its page is. */
  readonly serving: number;
  /** From the spawn until the first chart is painted, in a browser that runs already and has no cache. */
  readonly chart: number;
  /** These from the navigation on. */
  readonly firstContentfulPaint: number;
  readonly largestContentfulPaint: number;
  /** Over the first seconds, while coins come in. */
  readonly layoutShift: number;
}

/** How long the page is looked at after its chart is there. */
const SETTLE_MS = 5000;

export async function coldStart(browser: Browser): Promise<ColdStart> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-web-'));
  const spawnedAt = Date.now();
  const server = await PulseProcess.start(simulatedMarket, folder);
  try {
    const serving = Date.now() - spawnedAt;
    const page = await BenchPage.open(browser, server.url);
    await page.page.waitForTimeout(SETTLE_MS);
    const { chartAt, ...vitals } = await page.vitals();
    await page.close();
    return { serving, chart: chartAt - spawnedAt, ...vitals };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
