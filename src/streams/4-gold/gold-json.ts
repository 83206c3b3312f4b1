import { formatRfc3339 } from '../rfc3339.ts';
import type { FeatureRow, MoverRow } from './gold-row.ts';

/** The value of a `pulse.features_hourly` record; the features stand in the order of their declarations. */
export const encodeFeatureRow = (row: FeatureRow): string =>
  `{"coin_id":${JSON.stringify(row.coinId)},"ts":"${formatRfc3339(row.ts)}","price":${row.price}` +
  `,"market_cap":${row.marketCap},"volume":${row.volume}${columns(row.features)},"final":${row.final}}`;

/** The value of a `pulse.top_movers_24h` record. */
export const encodeMoverRow = (row: MoverRow): string =>
  `{"coin_id":${JSON.stringify(row.coinId)},"as_of":"${formatRfc3339(row.asOf)}","price":${row.price}` +
  `${columns(row.features)},"volume":${row.volume},"market_cap":${row.marketCap}}`;

function columns(features: Readonly<Record<string, number | null>>): string {
  let text = '';
  // A declared name is an identifier: it needs no escaping. -0 would be written 0, as JSON.stringify does.
  for (const name in features) text += `,"${name}":${features[name]}`;
  return text;
}
