import { type OracleTables, oracleTables } from './oracle/oracle-tables.ts';
import { recordedRecords } from './oracle/recorded-records.ts';

const HOUR_MS = 3_600_000;
const HOURS = 168;

/** The tables of the files' ticks with docs/new-feature.md's column in every feature row, computed here from Silver alone. */
export function declaredTables(
  files: readonly string[],
): Readonly<Record<keyof Pick<OracleTables, 'silver' | 'features' | 'movers'>, ReadonlyMap<string, object>>> {
  const { silver, features, movers } = oracleTables(files.flatMap((file) => recordedRecords(file)));
  const highs = new Map([...silver.values()].map((row) => [`${row.coin_id} ${Date.parse(row.ts)}`, row.high]));
  const drawdown = ({
    coin_id: coin,
    ts,
    price,
  }: {
    readonly coin_id: string;
    readonly ts: string;
    readonly price: number;
  }): number => {
    let highest = 0;
    for (let ago = 0; ago < HOURS; ago++)
      highest = Math.max(highest, highs.get(`${coin} ${Date.parse(ts) - ago * HOUR_MS}`) ?? 0);
    return (price - highest) / highest;
  };
  return {
    ...{ silver, movers },
    features: new Map([...features].map(([key, row]) => [key, { ...row, drawdown_7d: drawdown(row) }])),
  };
}
