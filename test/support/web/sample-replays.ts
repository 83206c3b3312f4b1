import type { DiffState, ReplayState } from '../../../src/web/replay-contract.ts';

const hour = '2023-12-05T08:00:00.000Z';
const equal = { differing: 0, onlyA: 0, onlyB: 0, setAside: 0, fields: {} };

const differs: DiffState = {
  ...{ a: '', b: 'mended', at: Date.UTC(2024, 0, 1, 9, 30), verdict: 'differ' },
  tables: [
    {
      table: 'prices',
      rows: { a: 240, b: 239 },
      equal: 238,
      differing: 1,
      onlyA: 1,
      onlyB: 0,
      setAside: 3,
      fields: { price: 1 },
    },
    {
      table: 'features',
      rows: { a: 240, b: 240 },
      equal: 216,
      differing: 24,
      onlyA: 0,
      onlyB: 0,
      setAside: 0,
      fields: { ma_24: 24, vol_24h: 12 },
    },
    { table: 'movers', rows: { a: 30, b: 30 }, equal: 30, ...equal },
  ],
  first: [
    { table: 'prices', key: `bitcoin|${hour}`, a: { price: 42000.5 }, b: { price: 42000.25 } },
    { table: 'prices', key: `ghost|${hour}`, a: { coin_id: 'ghost', price: 1 }, b: null },
    { table: 'features', key: `bitcoin|${hour}`, a: { ma_24: 41000.125 }, b: { ma_24: null } },
  ],
};

/** One that is under way, one that found differences, one that found none, and one of which live quotes have reached some rows since. */
export const sampleReplays = (): readonly ReplayState[] => {
  const partitions = [0, 1, 2, 3].map((partition) => ({ partition, start: 0, end: 15_000_000, position: 6_300_000 }));
  const begun = { of: '', from: 'earliest', startedAt: Date.UTC(2024, 0, 1, 8), partitions } as const;
  const through = partitions.map((each) => ({ ...each, position: each.end }));
  const finished = {
    ...{ ...begun, partitions: through, done: 60_000_000, total: 60_000_000, perSecond: null, leftMs: null },
    ...{ finishedAt: Date.UTC(2024, 0, 1, 9), isRunning: false, eventTime: Date.UTC(2023, 11, 14, 23, 59) },
  };
  const same: DiffState = {
    ...{ a: '', b: 'same', at: Date.UTC(2024, 0, 1, 10), verdict: 'equal', first: [] },
    tables: (['prices', 'features', 'movers'] as const).map((table) => ({
      ...{ table, rows: { a: 10_080, b: 10_080 }, equal: 10_080, ...equal },
    })),
  };
  const partly: DiffState = {
    ...{ a: '', b: 'busy', at: Date.UTC(2024, 0, 1, 11), verdict: 'partly-compared', first: [] },
    tables: [
      { table: 'prices', rows: { a: 240, b: 240 }, ...equal, equal: 210, setAside: 30 },
      { table: 'features', rows: { a: 240, b: 240 }, ...equal, equal: 210, setAside: 30 },
      { table: 'movers', rows: { a: 30, b: 30 }, ...equal, equal: 0, setAside: 30 },
    ],
  };
  return [
    {
      ...{ ...begun, namespace: 'replay', done: 25_200_000, total: 60_000_000, perSecond: 184_210.4, leftMs: 188_000 },
      ...{ eventTime: Date.UTC(2023, 11, 5, 9, 10), isRunning: true, finishedAt: null, diff: null },
    },
    { ...finished, namespace: 'mended', diff: differs },
    { ...finished, namespace: 'same', from: 'bronze', diff: same },
    { ...finished, namespace: 'busy', diff: partly },
  ];
};
