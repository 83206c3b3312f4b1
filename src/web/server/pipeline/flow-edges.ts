import { inNamespace, type Namespace, topics } from '../../../streams/topics.ts';
import type { EdgeShape } from './edge-meter.ts';

/*
 * source ─► coingecko.markets ─┬─► combine ─► pulse.partials ─► maintain ─┬─► prices_hourly   ─┬─► page
 *                              └─► lake   │ ▲                             ├─► features_hourly ─┤
 *                                         ▼ │                             └─► top_movers_24h  ─┴─► lake
 *                                    pulse.hot
 */

/** Every topic of the flow with each of its readers, in the order of the flow. */
export function flowEdges(namespace: Namespace): readonly EdgeShape[] {
  const edge = ({ name }: { readonly name: string }, reader: EdgeShape['reader']): EdgeShape => ({
    topic: inNamespace(namespace, name),
    label: name,
    reader,
  });
  return [
    edge(topics.markets, 'combine'),
    edge(topics.markets, 'lake'),
    edge(topics.hot, 'combine-hot'),
    edge(topics.partials, 'maintain'),
    ...[topics.prices, topics.features, topics.movers].flatMap((table) => [edge(table, 'page'), edge(table, 'lake')]),
  ];
}
