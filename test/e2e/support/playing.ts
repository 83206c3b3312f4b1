import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { sampleTicks, type Tick } from '../../support/web/sample-ticks.ts';
import { ready, WebHarness } from '../../support/web/web-harness.ts';
import { TestBrowser, type VisitOptions } from './browser.ts';
import { MarketPage } from './market-page.ts';

export const HOUR_MS = 3_600_000;
const ticks = sampleTicks();
/** When the recorded market begins. */
export const begin = ticks[0]!.at;

/** The recorded market's ticks of the hours [from, to). */
export const hours = (from: number, to: number): readonly Tick[] =>
  ticks.filter(({ at }) => at >= begin + from * HOUR_MS && at < begin + to * HOUR_MS);

/** What a suite of the page stands on: a browser for all of its tests, a server's harness for each. */
export interface Stage {
  readonly browser: TestBrowser;
  readonly harness: WebHarness;
  /** Visits the page over the first hours of the recorded market. */
  open(until: number, options?: VisitOptions): Promise<MarketPage>;
}

/** Sets the stage up and takes it down around the tests of this file; a page that complained fails its test. */
export function playing(): () => Stage {
  let browser: TestBrowser;
  let harness: WebHarness;
  beforeAll(async () => {
    browser = await TestBrowser.launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    harness = await WebHarness.create();
  });
  afterEach(async () => {
    const complaints = await browser.endVisits();
    await harness.close();
    expect(complaints).toEqual([]);
  });
  async function open(until: number, options: VisitOptions = {}): Promise<MarketPage> {
    await harness.feeder.publish(hours(0, until));
    await harness.feeder.report({ source: 'recorded', event_time: new Date(begin).toISOString(), speed: 1200 });
    const { url } = await harness.serve({ staticPath: browser.staticPath });
    await ready(url);
    return new MarketPage(await browser.visit(url, options));
  }
  return () => ({ browser, harness, open });
}
