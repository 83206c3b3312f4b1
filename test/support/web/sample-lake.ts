import type { Lake, LakeColumn } from '../../../src/web/contract.ts';

const from = Date.UTC(2023, 11, 1);
const to = Date.UTC(2023, 11, 14, 23);
const updatedAt = Date.UTC(2023, 11, 15, 0, 10, 4);
const column = (name: string, type: string): LakeColumn => ({ name, type });
const prices = [
  column('coin_id', 'string'),
  column('ts', 'timestamp'),
  ...['price', 'open', 'high', 'low', 'market_cap', 'volume'].map((name) => column(name, 'double')),
  column('observations', 'long'),
  column('final', 'boolean'),
];
const features = [
  column('coin_id', 'string'),
  column('ts', 'timestamp'),
  ...['price', 'ret_1h', 'ma_24', 'ma_72', 'vol_24h', 'zscore_1h'].map((name) => column(name, 'double')),
  column('n_24', 'long'),
  column('final', 'boolean'),
];

/** A lake as the server tells it, of the recorded market. */
export const sampleLake: Lake = {
  tables: [
    {
      ...{ name: 'bronze/markets_snapshot', kind: 'append', version: 214, files: 14, rows: 40_320, bytes: 5_204_331 },
      ...{
        from,
        to,
        updatedAt,
        columns: [column('raw', 'string'), column('coin_id', 'string'), column('offset', 'long')],
      },
    },
    {
      ...{ name: 'silver/prices_hourly', kind: 'upsert', version: 96, files: 30, rows: 10_050, bytes: 812_004 },
      ...{ from, to, updatedAt, columns: prices },
    },
    {
      ...{ name: 'gold/features_hourly', kind: 'upsert', version: 97, files: 30, rows: 10_050, bytes: 1_243_870 },
      ...{ from, to, updatedAt, columns: features },
    },
    {
      ...{ name: 'gold/top_movers_24h', kind: 'overwrite', version: null, files: 0, rows: 0, bytes: 0 },
      ...{ from: null, to: null, updatedAt: null, columns: [] },
    },
  ],
  downloads: [
    {
      ...{ name: 'prices_hourly.parquet', href: '/api/lake/prices_hourly.parquet', rows: 10_050, bytes: 640_112 },
      ...{ columns: prices, from, to, updatedAt },
      sha256: 'f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2',
      duckdb: "SELECT * FROM 'prices_hourly.parquet' WHERE coin_id = 'bitcoin' ORDER BY ts",
    },
    {
      ...{ name: 'features_hourly.parquet', href: '/api/lake/features_hourly.parquet', rows: 10_050, bytes: 1_010_660 },
      ...{ columns: features, from, to, updatedAt },
      sha256: null,
      duckdb: "SELECT * FROM 'features_hourly.parquet' WHERE abs(zscore_1h) > 2",
    },
  ],
  problems: [],
};
