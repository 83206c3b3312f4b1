import type { Locator, Page } from 'playwright-core';

/** The market page by what a person sees on it. */
export class MarketPage {
  readonly page: Page;
  readonly table: Locator;
  readonly chart: Locator;
  readonly filter: Locator;

  constructor(page: Page) {
    this.page = page;
    this.table = page.getByRole('grid', { name: 'Coins' });
    this.chart = page.locator('.chart');
    this.filter = page.getByRole('searchbox');
  }

  row(coin: string): Locator {
    return this.page.locator(`tbody tr[data-coin=${JSON.stringify(coin)}]`);
  }

  cell(coin: string, column: string): Locator {
    return this.row(coin).locator(`[data-column="${column}"]`);
  }

  /** The coins from top to bottom. */
  coins(): Promise<readonly string[]> {
    return this.page.locator('tbody tr[data-coin]').evaluateAll((rows) => rows.map((row) => row.dataset['coin'] ?? ''));
  }

  /** Resolves once that many coins are shown. */
  async showsCoins(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.querySelectorAll('tbody tr[data-coin]').length === wanted,
      count,
    );
  }

  /** Resolves once the chart's newest hour is that one. */
  async chartReaches(ts: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.querySelector<HTMLElement>('.chart')?.dataset['last'] === wanted,
      String(ts),
    );
  }

  /** What is in sight, in hours of the chart's axis. */
  async sight(): Promise<{ readonly from: number; readonly to: number }> {
    const [from, to] = await this.chart.evaluate((element: HTMLElement) => [
      element.dataset['from'],
      element.dataset['to'],
    ]);
    return { from: Number(from), to: Number(to) };
  }

  /** How many hours are in sight. */
  async width(): Promise<number> {
    const { from, to } = await this.sight();
    return to - from;
  }

  async chosen(): Promise<string | undefined> {
    return (await this.page.locator('tbody tr[aria-selected="true"]').getAttribute('data-coin')) ?? undefined;
  }

  query(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  /** How far the layout has shifted by itself since the page was opened (the sum that CLS is made of). */
  layoutShift(): Promise<number> {
    return this.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const shifts = list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[];
            resolve(shifts.filter(({ hadRecentInput }) => !hadRecentInput).reduce((sum, { value }) => sum + value, 0));
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(0), 300);
        }),
    );
  }
}
