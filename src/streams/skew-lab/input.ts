import type { SaltedKey } from '../hot-keys/balance.ts';
import { partitionOf } from '../log/partition-of.ts';
import type { ArenaReader } from './record-arena.ts';

/** Some records of an arena, by their numbers: 32-bit unsigned, at `[from, to)` of what is shared. */
export interface RecordRange {
  readonly numbers: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
}

/** The records by wave and by task: what lies in the input's partitions. */
export interface Input {
  readonly waves: readonly (readonly RecordRange[])[];
}

/**
 * Puts the records into the partitions of their keys, as Kafka's partitioner does; those of salted keys are dealt out over
 * the partitions of their cycle, which is what a producer does that salts.
 */
export function partitionInput(
  arena: ArenaReader,
  tasks: number,
  waves: number,
  salted: readonly SaltedKey[] = [],
): Input {
  const homes = Uint16Array.from(arena.keys, (key) => partitionOf(key, tasks));
  const deals = new Map(salted.map(({ key, cycle }) => [arena.keys.indexOf(key), { cycle, dealt: 0 }]));
  const partition = (index: number): number => {
    const deal = deals.get(arena.keyNumber(index));
    return deal?.cycle[deal.dealt++ % deal.cycle.length] ?? homes[arena.keyNumber(index)] ?? 0;
  };
  const numbers = new SharedArrayBuffer(4 * arena.records);
  const order = new Uint32Array(numbers);
  const ranges: RecordRange[][] = [];
  let end = 0;
  for (let wave = 0; wave < waves; wave++) {
    const byTask: number[][] = Array.from({ length: tasks }, () => []);
    for (let index = startOf(wave, arena, waves); index < startOf(wave + 1, arena, waves); index++)
      byTask[partition(index)]?.push(index);
    ranges.push(
      byTask.map((found) => {
        order.set(found, end);
        const from = end;
        end += found.length;
        return { numbers, from, to: end };
      }),
    );
  }
  return { waves: ranges };
}

const startOf = (wave: number, { records }: ArenaReader, waves: number): number => Math.floor((wave * records) / waves);
