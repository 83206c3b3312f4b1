import type { Locator, Page } from 'playwright-core';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { until } from '../../support/web/web-harness.ts';
import { desktop, type Size } from './browser.ts';
import type { Stage } from './playing.ts';

/** What the tests of the pipeline’s page do on it and see of it. */

/** Opens the page over the harness's log. */
export async function visitPipeline({ harness, browser }: Stage, query = '', size: Size = desktop): Promise<Page> {
  const { url } = await harness.serve({ staticPath: browser.staticPath });
  const page = await browser.visit(url, { size, query: `pipeline${query}` });
  await page.getByText(/^As of/).waitFor();
  return page;
}

const edge = (page: Page, topic: string, reader: string): Locator =>
  page.locator(`[data-topic="${topic}"] [data-reader="${reader}"]`);
/** A figure of the edge from a topic to a reader. */
export const figure = (page: Page, topic: string, reader: string, id: string): Locator =>
  edge(page, topic, reader).locator(`[data-figure="${id}"] dd`);
/** Resolves once it shows that. */
export const shows = (locator: Locator, text: string | RegExp): Promise<void> =>
  until(async () => {
    const found = await locator.innerText();
    return typeof text === 'string' ? found === text : text.test(found);
  }, `it shows ${text}`);
/** Quotes with a number in them, so many from that one on. */
export const numbered = (count: number, from = 0): readonly OutputRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ topic: 'coingecko.markets', partition: 0, key: `coin-${from + i}` },
    value: `{"id":"coin-${from + i}","n":${(from + i) % 2}}`,
  }));

/** The offsets of the records that the live tail shows. */
export const tailed = (page: Page): Promise<readonly number[]> =>
  page
    .locator('[role="option"]')
    .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['offset'])));
/** Resolves once the live tail’s newest record is that one. */
export const newest = (page: Page, offset: number): Promise<void> =>
  until(async () => (await tailed(page)).at(-1) === offset, `the tail’s newest record is ${offset}`);
