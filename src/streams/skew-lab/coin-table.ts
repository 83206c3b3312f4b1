import { seededRandom } from '../1-ingest/simulated/random.ts';
import type { SaltedKey } from '../hot-keys/balance.ts';
import { partitionOf } from '../log/partition-of.ts';

/** A row of the table that ticks are joined with. */
export interface CoinRow {
  readonly coinId: string;
  readonly symbol: string;
  readonly sector: string;
  readonly supply: number;
}

const SECTORS = ['payments', 'platform', 'exchange', 'stablecoin', 'meme', 'gaming', 'storage'] as const;

/** A row for every coin, from the seed alone. */
export function coinTable(coinIds: readonly string[], seed: string): readonly CoinRow[] {
  const random = seededRandom(`${seed}|coins`);
  return coinIds.map((coinId, rank) => ({
    coinId,
    symbol: `S${rank}`,
    sector: SECTORS[Math.floor(random() * SECTORS.length)] ?? 'payments',
    supply: Math.round(1e6 * 10 ** (4 * random())),
  }));
}

/** The salted keys that a task gets records of. */
export const guestsOf = (task: number, salted: readonly SaltedKey[]): readonly string[] =>
  salted.filter(({ cycle }) => cycle.includes(task)).map(({ key }) => key);

/**
 * The rows that one task has for the join: those whose partition it works on, and copies of those whose key's records are
 * dealt out to it. Without the copies its ticks of such a key would find no partner.
 */
export function rowsOfTask(
  table: readonly CoinRow[],
  task: number,
  tasks: number,
  guests: readonly string[],
): ReadonlyMap<string, CoinRow> {
  const mine = table.filter(({ coinId }) => partitionOf(coinId, tasks) === task || guests.includes(coinId));
  return new Map(mine.map((row) => [row.coinId, row]));
}

/** How many copies of rows that takes beyond the one at home. */
export const replicasOf = (salted: readonly SaltedKey[]): number =>
  salted.reduce((sum, { home, cycle }) => sum + new Set(cycle.filter((task) => task !== home)).size, 0);
