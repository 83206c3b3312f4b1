import fc from 'fast-check';
import { coalesceBronze } from '../../../src/streams/5-lake/upkeep/coalesce.ts';
import { LOG_RETENTION_MS, vacuum } from '../../../src/streams/5-lake/upkeep/vacuum.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { hourRecord, HOURS_TOPIC, PARTITIONS } from './hour-records.ts';
import { type LakeWorld, RETENTION_MS } from './lake-world.ts';
import { Killed } from './simulated-disk.ts';

const killedAt = fc.option(fc.integer({ min: 1, max: 200 }), { nil: Infinity });

/** One act of a script: records come, before and while writers take them in, one of which may coalesce and vacuum. */
const act = fc.record({
  before: fc.array(hourRecord, { maxLength: 20 }),
  meanwhile: fc.array(hourRecord, { maxLength: 10 }),
  flushRows: fc.integer({ min: 1, max: 12 }),
  writers: fc.array(killedAt, { minLength: 1, maxLength: 2 }),
  upkeep: fc.option(killedAt),
  failsPower: fc.boolean(),
  laterMs: fc.constantFrom(0, 1_000, RETENTION_MS / 2, RETENTION_MS, 30 * 3_600_000, LOG_RETENTION_MS),
});

export const lakeScript = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 6 }),
  seed: fc.string({ maxLength: 8 }),
});

type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** Which versions a reader may still be at: the newest, and those that were the newest not long ago. */
class Readable {
  readonly #supersededAt = new Map<number, number>();
  #newest = -1;

  /** The newest version is this one now. Those before it that may be read, new ones alone or all of them. */
  move(newest: number, now: number, onlyNew: boolean): readonly number[] {
    for (const version of this.#supersededAt.keys()) if (version >= newest) this.#supersededAt.delete(version);
    const known = Math.min(this.#newest, newest);
    for (let version = Math.max(0, known); version < newest; version++) this.#supersededAt.set(version, now);
    this.#newest = newest;
    const versions = [...this.#supersededAt].filter(([, since]) => now - since < RETENTION_MS).map(([one]) => one);
    return [...versions, newest].filter((version) => version >= 0 && (!onlyNew || version > known));
  }
}

/** Plays the script; `check` is called for every version that a reader may still be at. */
export async function playScript(
  world: LakeWorld,
  table: string,
  acts: readonly Act[],
  check: (version: number) => Promise<void>,
): Promise<void> {
  await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
  const readable = new Readable();
  for (const { before, meanwhile, flushRows, writers, upkeep, failsPower, laterMs } of acts) {
    await world.append(before);
    const works = writers.map((step) => world.sink(flushRows, step));
    works.push(...meanwhile.map((record) => world.append([record])));
    if (upkeep !== null) works.push(keepUp(world, table, upkeep));
    for (const outcome of await Promise.allSettled(works))
      if (outcome.status === 'rejected' && !(outcome.reason instanceof Killed)) throw outcome.reason;
    if (failsPower) world.disk.failPower();
    const { version } = (await world.open()).snapshot;
    for (const one of readable.move(version, world.now, upkeep === null)) await check(one);
    world.now += laterMs;
  }
  await world.sink(1_000, Infinity);
}

async function keepUp(world: LakeWorld, table: string, step: number): Promise<void> {
  const delta = await world.open(step);
  if (delta.snapshot.version < 0) return;
  if (table === bronzeTable.name) await coalesceBronze(delta);
  await vacuum(delta);
}
