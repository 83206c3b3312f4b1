import type { MarketRow } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainFigure } from '../explain/figures.ts';
import { formatTime, type Zone, zoneName } from '../format/time.ts';
import type { TableColumn } from './table-columns.ts';

/** What stands behind one cell of the market table. */
export function explainCell(row: MarketRow | undefined, column: TableColumn, zone: Zone): Explanation | undefined {
  if (row === undefined) return undefined;
  const { feature, explanation } = column;
  if (feature !== undefined) {
    const have = (row.spark ?? []).filter((price) => price !== null).length;
    return explainFigure(feature.column, row, row.values[feature.index] ?? null, have, zone);
  }
  const hour: readonly [string, string] = [
    'Hour',
    `${formatTime(row.ts, 'full', zone)} ${zoneName(zone)}${row.final ? '' : ', still open'}`,
  ];
  switch (column.id) {
    case 'price':
      return {
        ...explanation,
        title: `${row.coin} · price`,
        facts: [hour, ...quoted(row, zone), ['Exact', String(row.price)]],
      };
    case 'volume': {
      const exact = row.volume === null ? 'unknown' : String(row.volume);
      return { ...explanation, title: `${row.coin} · volume`, facts: [hour, ['Exact', exact]] };
    }
    default:
      return { ...explanation, title: row.coin, facts: [hour, ...quoted(row, zone)] };
  }
}

const quoted = ({ quotedAt }: MarketRow, zone: Zone): readonly (readonly [string, string])[] =>
  quotedAt === null ? [] : [['Last quote', `${formatTime(quotedAt, 'seconds', zone)} ${zoneName(zone)}`]];
