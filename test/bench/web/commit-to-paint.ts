import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { BenchPage } from './bench-page.ts';
import { CommitTimes, type CommitToPaint } from './commit-times.ts';
import { PulseProcess } from './pulse-process.ts';
import { simulatedMarket } from './simulated-market.ts';

const WARM_UP_MS = 10_000;

/** From the durable commit of a row to the frame that shows it: `pulse start` as it is, on the embedded log. */
export async function commitToPaint(browser: Browser, seconds: number): Promise<CommitToPaint> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-bench-web-'));
  const server = await PulseProcess.start(simulatedMarket, folder);
  const times = await CommitTimes.open(folder);
  try {
    const page = await BenchPage.open(browser, server.url);
    await page.page.waitForTimeout(WARM_UP_MS);
    const since = await times.ends();
    await page.page.waitForTimeout(1000);
    await page.take();
    await page.page.waitForTimeout(seconds * 1000);
    const { painted } = await page.take();
    await page.close();
    return await times.join(painted, since);
  } finally {
    await times.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
