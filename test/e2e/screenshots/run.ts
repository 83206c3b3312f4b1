import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Size, TestBrowser } from '../support/browser.ts';
import { WebHarness } from '../../support/web/web-harness.ts';
import type { Shot } from './shot.ts';
import { shots } from './shots.ts';

/*
 * Pictures of every page in every state, in both themes, for people to look at: `npm run screenshots [-- part of a name]`
 * lays them into screenshots/.
 */
const folder = fileURLToPath(new URL('../../../screenshots', import.meta.url));
const wanted = process.argv[2] ?? '';
/** Fonts, the chart's first frames and the skeletons' delay. */
const SETTLE_MS = 1200;

if (wanted === '') rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const browser = await TestBrowser.launch();
try {
  for (const shot of shots.filter(({ name }) => name.includes(wanted)))
    for (const size of shot.sizes) for (const theme of ['dark', 'light'] as const) await take(shot, size, theme);
} finally {
  await browser.close();
}

async function take(shot: Shot, size: Size, theme: 'dark' | 'light'): Promise<void> {
  const harness = await WebHarness.create(shot.harness?.());
  await shot.arrange?.(harness);
  const server = await harness.serve({ staticPath: browser.staticPath, ...shot.server?.(harness) });
  await shot.play?.(harness);
  const path = shot.at ?? '/';
  const page = await browser.visit(server.url, {
    size,
    theme,
    query: path.slice(1),
    ...(shot.prepare && { prepare: shot.prepare }),
  });
  await page.waitForTimeout(SETTLE_MS);
  await shot.act?.(page, harness, () => server.close());
  await page.waitForTimeout(SETTLE_MS);
  const file = `${shot.name}-${size.width}-${theme}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: shot.isWhole ?? false });
  console.log(file);
  await browser.endVisits();
  await harness.close();
}
