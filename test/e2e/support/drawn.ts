import type { Page } from 'playwright-core';

/** Resolves when what the page has heard so far is drawn, and what a frame tells of, such as a scroll, has been told. */
export const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
