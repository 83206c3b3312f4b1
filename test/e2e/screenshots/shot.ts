import type { Page } from 'playwright-core';
import type { WebServerOptions } from '../../../src/web/server/web-server-options.ts';
import type { HarnessOptions, WebHarness } from '../../support/web/web-harness.ts';
import type { Size } from '../support/browser.ts';

/** What a picture of the page is of. */
export interface Shot {
  readonly name: string;
  readonly sizes: readonly Size[];
  /** Path and query. */
  readonly at?: string;
  /** What is in the log before the page is opened. */
  readonly arrange?: (harness: WebHarness) => Promise<void>;
  /** What the harness is made with. */
  readonly harness?: () => HarnessOptions;
  readonly server?: (harness: WebHarness) => Partial<WebServerOptions>;
  /** What happens between the server's start and the page's. */
  readonly play?: (harness: WebHarness) => Promise<void>;
  /** The whole page, and not what a screen shows of it. */
  readonly isWhole?: boolean;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** What is done on the page; `stop` ends the server. */
  readonly act?: (page: Page, harness: WebHarness, stop: () => Promise<void>) => Promise<unknown>;
}
