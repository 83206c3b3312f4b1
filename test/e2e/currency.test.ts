import { describe, expect, it } from 'vitest';
import { playing } from './support/playing.ts';

const stage = playing();

describe('a source that quotes in another currency', () => {
  it('is told in the table’s head, and in what explains a price, a volume and a market cap', async () => {
    const { page } = await stage().open(30);
    const head = page.locator('th[data-column="price"]');
    await head.getByText('Price, $').waitFor();
    await stage().harness.feeder.report({
      ...{ source: 'coingecko', last_success_at: new Date().toISOString(), interval_ms: 60_000, currency: 'eur' },
    });
    await head.getByText('Price, EUR').waitFor();
    const tooltip = page.getByRole('tooltip');
    for (const part of [head, page.locator('.coin .price')]) {
      await part.hover();
      await tooltip.getByText(/, in EUR\.$/).waitFor();
    }
    for (const label of ['Volume 24h', 'Market cap']) {
      await page.locator('.coin dl.figures div', { hasText: label }).locator('dd').hover();
      await tooltip.getByText(/as the source says, in EUR\./).waitFor();
    }
    expect(await page.getByText(/dollar/i).count()).toBe(0);
  });
});
