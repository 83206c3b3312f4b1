import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { launchChromium } from '../../support/launch-chromium.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}
export const desktop: Size = { width: 1280, height: 800 };
export const phone: Size = { width: 390, height: 844 };
export const wall: Size = { width: 2560, height: 1440 };

export interface VisitOptions {
  readonly size?: Size;
  readonly theme?: 'dark' | 'light';
  readonly query?: string;
  /** What is done to the page before it is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A real Chromium over the page as its sources have it now. Whatever goes wrong on a page is kept, to be looked at. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  /** The built page. */
  readonly staticPath: string;
  /** Errors on the console, exceptions, and requests that went to another host or failed. */
  readonly complaints: string[] = [];

  constructor(browser: Browser, staticPath: string) {
    this.#browser = browser;
    this.staticPath = staticPath;
  }

  /** Rejects, and says what is missing, where there is no Chromium. */
  static async launch(): Promise<TestBrowser> {
    const browser = await launchChromium();
    const staticPath = mkdtempSync(join(tmpdir(), 'pulse-page-'));
    const configFile = fileURLToPath(new URL('../../../vite.config.ts', import.meta.url));
    await buildPage(configFile, staticPath);
    return new TestBrowser(browser, staticPath);
  }

  async visit(url: string, { size = desktop, theme = 'dark', query = '', prepare }: VisitOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: size, colorScheme: theme, timezoneId: 'Europe/Athens' });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(url).host) this.complaints.push(`asked ${request.url()}`);
    });
    await prepare?.(page);
    await page.goto(`${url}/${query}`);
    return page;
  }

  /** Closes the pages; what they complained of. */
  async endVisits(): Promise<readonly string[]> {
    for (const context of this.#contexts.splice(0)) await context.close();
    return this.complaints.splice(0);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.staticPath, { recursive: true, force: true });
  }
}

/** Builds the page as it is shipped: under the environment of a test it would be another one, and a larger. */
async function buildPage(configFile: string, outDir: string): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile, logLevel: 'error', build: { outDir } });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}
