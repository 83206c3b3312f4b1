import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A real Chromium without a window, which asks nobody for anything. Rejects, and says what is missing, where there is none. */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined)
    return Promise.reject(
      new Error('This needs Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.'),
    );
  return chromium.launch({ executablePath, args: flags });
}
