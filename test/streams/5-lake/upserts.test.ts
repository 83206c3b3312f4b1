import fc from 'fast-check';
import { asyncScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { parseHourKey } from '../../../src/streams/3-silver/hour-json.ts';
import { DeltaTable, type DeltaTableOptions } from '../../../src/streams/5-lake/delta/delta-table.ts';
import type { Disk } from '../../../src/streams/5-lake/disk/disk.ts';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import type { LakeTable } from '../../../src/streams/5-lake/lake-table.ts';
import { decodeJsonValue } from '../../../src/streams/5-lake/sink/decode-json-value.ts';
import { HourlyBuffer } from '../../../src/streams/5-lake/sink/hourly-buffer.ts';
import { monthOf } from '../../../src/streams/5-lake/sink/hourly-files.ts';
import { runSink } from '../../../src/streams/5-lake/sink/run-sink.ts';
import { tablePositions } from '../../../src/streams/5-lake/sink/table-positions.ts';
import { vacuum } from '../../../src/streams/5-lake/upkeep/vacuum.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { Log, OutputRecord } from '../../../src/streams/log/log.ts';
import { finalRows, hourRecord, HOURS_TOPIC, PARTITIONS, sorted } from '../../support/lake/hour-records.ts';
import { Killed, SimulatedDisk } from '../../support/lake/simulated-disk.ts';
import { tableAt } from '../../support/lake/table-at.ts';

const table: LakeTable = {
  name: 'hours',
  columns: [
    { name: 'coin_id', type: 'string', nullable: false },
    { name: 'ts', type: 'timestamp', nullable: false },
    { name: 'price', type: 'double', nullable: false },
    { name: 'market_cap', type: 'double', nullable: true },
    { name: 'n', type: 'long', nullable: false },
    { name: 'final', type: 'boolean', nullable: false },
  ],
  partitionColumns: ['coin_id'],
  timeColumn: 'ts',
};

const RETENTION_MS = 3_600_000;

/** What happens: records come, and one or two writers take them in; each may be killed, or the power may fail. */
const step = fc.record({
  records: fc.array(hourRecord, { maxLength: 25 }),
  flushRows: fc.integer({ min: 1, max: 12 }),
  writers: fc.array(fc.option(fc.integer({ min: 1, max: 150 }), { nil: Infinity }), { minLength: 1, maxLength: 2 }),
  failsPower: fc.boolean(),
  laterMs: fc.constantFrom(0, 1_000, 2 * RETENTION_MS),
});

class World {
  readonly log: Log = createMemoryLog();
  readonly records: OutputRecord[] = [];
  readonly disk: SimulatedDisk;
  now = Date.UTC(2024, 0, 1);
  #ids = 0;

  constructor(random: Random) {
    this.disk = new SimulatedDisk(random, () => this.now);
  }

  delta(disk: Disk = this.disk.process()): DeltaTableOptions {
    const newId = (): string => String(this.#ids++);
    const lake = new LakeDisk(disk, '/lake', newId);
    return { disk: lake, folder: '/lake/hours', now: () => this.now, retentionMs: RETENTION_MS };
  }

  async sink(flushRows: number, killedAt: number): Promise<void> {
    const options = { decode: decodeJsonValue, parseKey: parseHourKey, table };
    const spec = {
      ...{ table, topic: HOURS_TOPIC, partitions: PARTITIONS },
      createBuffer: (delta: DeltaTable) => new HourlyBuffer(delta, options),
    };
    const policy = { intervalMs: 1_000, rows: flushRows, bytes: Infinity };
    const delta = this.delta(this.disk.process(killedAt));
    const { log } = this;
    const run = { log, spec, policy, delta, clock: asyncScheduler, untilCaughtUp: true, onNotice: () => undefined };
    await runSink(run, new AbortController().signal);
  }

  async append(records: readonly OutputRecord[]): Promise<void> {
    this.records.push(...records);
    await this.log.append(records);
  }

  /** Expects each version that a reader may still read to hold what the records below its positions come to. */
  async expectVersions(from: number): Promise<number> {
    const { snapshot } = await DeltaTable.open(this.delta());
    for (let version = Math.max(from, 1); version <= snapshot.version; version++) {
      const seen = await tableAt(this.delta(), table, version);
      const positions = tablePositions(seen.snapshot, HOURS_TOPIC, PARTITIONS);
      expect(sorted(seen.rows), `version ${version}`).toEqual(finalRows(this.records, positions));
      const files = [...seen.snapshot.files.values()];
      expect(new Set(files.map(({ stats, partitionValues }) => placeOf(stats, partitionValues))).size).toBe(
        files.length,
      );
    }
    return snapshot.version;
  }
}

function placeOf(stats: string | null | undefined, values: Readonly<Record<string, string | null>>): string {
  const { minValues } = JSON.parse(stats ?? '') as { minValues: { ts: string } };
  return `${values.coin_id} ${monthOf(Date.parse(minValues.ts))}`;
}

describe('an upserted table', () => {
  it('equals the model at every version, whatever is killed where, and whoever else writes', async () => {
    const run = async (steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[], seed: string) => {
      const world = new World(seededRandom(seed));
      await world.log.topics.ensure([{ name: HOURS_TOPIC, partitions: PARTITIONS, cleanup: { kind: 'compact' } }]);
      let checked = 0;
      for (const { records, flushRows, writers, failsPower, laterMs } of steps) {
        await world.append(records);
        const runs = writers.map((killedAt) => world.sink(flushRows, killedAt));
        for (const outcome of await Promise.allSettled(runs))
          if (outcome.status === 'rejected' && !(outcome.reason instanceof Killed)) throw outcome.reason;
        if (failsPower) world.disk.failPower();
        checked = await world.expectVersions(checked);
        world.now += laterMs;
        await vacuum(await DeltaTable.open(world.delta()));
        if (laterMs > RETENTION_MS) checked = (await DeltaTable.open(world.delta())).snapshot.version;
      }
      await world.sink(1_000, Infinity);
      await world.expectVersions(checked);
      const { rows } = await tableAt(world.delta(), table);
      expect(sorted(rows)).toEqual(
        finalRows(
          world.records,
          new Map([
            [0, Infinity],
            [1, Infinity],
          ]),
        ),
      );
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.string(), run), {
      numRuns: 150,
    });
  }, 120_000);
});
