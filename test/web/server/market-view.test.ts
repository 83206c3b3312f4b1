import { describe, expect, it } from 'vitest';
import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import type { ViewStore, ViewTable } from '../../../src/state/view-store.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { topicSpecs } from '../../../src/streams/topics.ts';
import { columnsOf } from '../../../src/web/server/view/columns.ts';
import { MarketView } from '../../../src/web/server/view/market-view.ts';
import { projections } from '../../../src/web/server/view/projections.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { MarketFeeder } from '../../support/web/market-feeder.ts';
import { sampleTicks } from '../../support/web/sample-ticks.ts';

const HOUR_MS = 3_600_000;
const ticks = sampleTicks();

/** A store that notes which tables are read. */
function noting(read: string[]): ViewStore {
  const store = openMemoryView();
  const table = <Value>(name: string): ViewTable<Value> => {
    const inner = store.table<Value>(name);
    return {
      get: (key) => (read.push(name), inner.get(key)),
      entries: (range) => (read.push(name), inner.entries(range)),
      put: (key, value) => inner.put(key, value),
      remove: (key) => inner.remove(key),
    };
  };
  return { ...store, table };
}

describe('the view', () => {
  it('does not read back what it writes, and is what one is that is loaded from its tables', async () => {
    const log = createMemoryLog();
    await log.topics.ensure(topicSpecs('', 1));
    const feeder = new MarketFeeder(log, '', 1);
    const begin = ticks[0]!.at;
    await feeder.publish(ticks.filter(({ at }) => at < begin + 30 * HOUR_MS));
    await feeder.publish(ticks.filter(({ at }) => at < begin + 31 * HOUR_MS && at >= begin + 30 * HOUR_MS));
    const read: string[] = [];
    const store = noting(read);
    const columns = columnsOf(features, moverFeatures);
    const view = new MarketView(store, columns);
    read.length = 0;
    const names = (declared: readonly { readonly name: string }[]): readonly string[] =>
      declared.map(({ name }) => name);
    for (const projection of projections(jsonRows(), names(features), names(moverFeatures))) {
      const { topic } = projection;
      const { end } = await log.bounds({ topic, partition: 0 });
      for await (const batch of log.read({ topic, partition: 0 }, 0, end)) await view.apply(projection, topic, batch);
    }
    expect(read).toEqual([]);
    const loaded = new MarketView(store, columns);
    expect(view.size).toBe(30);
    for (const coin of view.coins()) expect(view.row(coin)).toEqual(loaded.row(coin));
    await log.close();
  });
});
