import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silverTable } from '../../src/streams/5-lake/tables.ts';
import { LakeFolder } from '../support/lake/lake-folder.ts';
import { temporaryFolder } from '../support/pulse.ts';
import { readCurrent } from './support/read-delta.ts';

/** All that a coin may be called: what is refused at the door would be another coin, or none, to polars. */
const COINS = [
  ...[
    'bitcoin',
    '1move token',
    '..',
    '.',
    '../etc',
    'a/b=c',
    '100%',
    '%2F',
    '%252F',
    ' ',
    '~',
    'ü\u{1f600}',
    'it\'s "so"',
  ],
  ...['__hive_default_partition__', 'null', 'NULL', 'NaN', 'true', '007', '1e3', '2023-01-01', '-'],
  ...['x'.repeat(240), 'é'.repeat(40), '\u{1f600}'.repeat(20), '~'.repeat(80)],
];
const READERS = ['delta-rs', 'pandas', 'polars', 'DuckDB', 'pyarrow'];

it('each coin’s rows are read back under its own name, whatever that is, by every reader', async () => {
  const lake = new LakeFolder(temporaryFolder());
  for (const [place, coin] of COINS.entries()) await lake.addSilver(coin, place + 1);
  const seen = readCurrent(join(lake.path, silverTable.name), READERS);
  expect(Object.keys(seen)).toEqual(READERS);
  for (const [reader, rows] of Object.entries(seen)) {
    const counts = COINS.map((coin) => [coin, rows.filter(({ coin_id }) => coin_id === coin).length]);
    expect(counts, reader).toEqual(COINS.map((coin, place) => [coin, place + 1]));
  }
});
