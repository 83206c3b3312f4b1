import { it } from 'vitest';
import { begin, hours, HOUR_MS, playing } from './support/playing.ts';

const stage = playing();

it('a chart has all hours, though they are answered ahead of the frame that says how far the market is', async () => {
  const market = await stage().open(48, {
    // Slow frames: the rows of a batch are shown with the next one, and what is asked for may come before.
    prepare: (page) =>
      page.addInitScript(() => {
        const soon = globalThis.requestAnimationFrame.bind(globalThis);
        globalThis.requestAnimationFrame = (draw) => Number(setTimeout(() => soon(draw), 150));
      }),
  });
  await market.chartReaches(begin + 47 * HOUR_MS);
  await market.row('bitcoin-cash').click();
  await stage().harness.feeder.publish(hours(48, 60));
  await market.chartReaches(begin + 59 * HOUR_MS);
});
