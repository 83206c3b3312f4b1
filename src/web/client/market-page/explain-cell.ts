import type { Column, MarketRow } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { asOfFacts, explainFigure } from '../explain/figures.ts';
import type { Zone } from '../format/time.ts';
import type { TableColumn } from './table-columns.ts';

const SPARK_HOURS = 24;

/** What stands behind one cell of the market table; `name` is what the coin is called. */
export function explainCell(row: MarketRow, name: string, column: TableColumn, zone: Zone): Explanation {
  const { feature, explanation } = column;
  const known = (row.spark ?? []).filter((price) => price !== null);
  if (feature !== undefined) {
    const value = row.values[feature.index] ?? null;
    const have = heldOf(feature.column, value, known.length);
    return explainFigure(feature.column, { row, name, value, have, zone });
  }
  const asOf = asOfFacts(row, zone);
  switch (column.id) {
    case 'star':
      return explanation;
    case 'coin':
      return { title: name, text: 'The coin’s id at its source stands below.', facts: [['Id', row.coin], ...asOf] };
    case 'spark': {
      const range: readonly (readonly [string, string])[] =
        known.length === 0 ? [] : [['Lowest, highest close', `${Math.min(...known)}, ${Math.max(...known)}`]];
      return {
        ...explanation,
        title: `${name} · last 24 h`,
        facts: [['Hours', `${known.length} of 24`], ...range, ...asOf],
      };
    }
    default: {
      const value = column.id === 'price' ? row.price : row.volume;
      return {
        ...explanation,
        title: `${name} · ${explanation.title.toLowerCase()}`,
        facts: [...asOf, ['Exact', value === null ? 'The source gave none' : String(value)]],
      };
    }
  }
}

/** A row has 24 hours. A figure that is there, with all of them, has the one before as well; of what lies further back it tells nothing. */
function heldOf({ hours }: Column, value: number | null, known: number): number | undefined {
  if (hours > SPARK_HOURS + 1) return undefined;
  return value !== null && known === SPARK_HOURS ? hours : known;
}
