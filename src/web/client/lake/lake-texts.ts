import type { LakeTableState } from '../../contract.ts';

/** What a table of the lake is for, by its folder. */
export const tableTexts: Readonly<Record<string, string>> = {
  'bronze/markets_snapshot': 'Every quote as it came, with where it lies in its topic.',
  'silver/prices_hourly': 'One row a coin and hour: open, high, low and close.',
  'gold/features_hourly': 'One row a coin and hour: returns, averages, z-scores.',
  'gold/top_movers_24h': 'Each coin at its newest hour.',
};

/** How a table is written. */
export const kindTexts: Readonly<Record<LakeTableState['kind'], string>> = {
  append: 'Rows are added, none is ever changed.',
  upsert: 'A row of a key replaces the one before.',
  overwrite: 'Each version is the whole table.',
};

/** Which of the three layers a table is in, by its folder. */
export const layerOf = (name: string): 'bronze' | 'silver' | 'gold' | 'other' => {
  const layer = name.split('/', 1)[0];
  return layer === 'bronze' || layer === 'silver' || layer === 'gold' ? layer : 'other';
};
