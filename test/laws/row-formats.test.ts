import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { features, moverFeatures } from '../../src/streams/4-gold/features.ts';
import { arbitraryRecords } from '../support/driver/arbitrary-records.ts';
import { anotherWay } from '../support/driver/arbitrary-script.ts';
import { type DriverItem, type DriverTables, PipelineDriver } from '../support/driver/pipeline-driver.ts';
import { MemoryRegistry } from '../support/rows/memory-registry.ts';

const rowsOf = ({ prices, features: rows, movers }: DriverTables) => [[...prices], [...rows], [...movers]];

const plainly = async (records: Parameters<typeof played>[0]) => rowsOf(await played(records, []));

const played = (
  records: (DriverItem & { kind: 'records' })['records'],
  before: readonly DriverItem[],
): Promise<DriverTables> => new PipelineDriver({ partitions: 1 }).play([...before, { kind: 'records', records }]);

describe('the format of the rows does not matter', () => {
  it('in Avro they say what they say in JSON, digit for digit', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRecords, async (records) => {
        const inAvro = await played(records, [{ kind: 'registry', registry: new MemoryRegistry() }]);
        expect(rowsOf(inAvro)).toEqual(await plainly(records));
      }),
      { numRuns: 50 },
    );
  });

  it('a registry that is added at any moment, with crashes and lost state, changes nothing', async () => {
    const way = anotherWay({ order: true, batches: true, partitions: true, crashes: true });
    await fc.assert(
      fc.asyncProperty(way, fc.nat(), async ({ records, script, options }, at) => {
        const added: DriverItem = { kind: 'registry', registry: new MemoryRegistry() };
        const items = script.toSpliced(at % (script.length + 1), 0, added);
        expect(rowsOf(await new PipelineDriver(options).play(items))).toEqual(await plainly(records));
      }),
      { numRuns: 100 },
    );
  });

  it('nor do declarations that change while rows of both formats are there', async () => {
    const gold = fc.record({
      features: fc.shuffledSubarray([...features], { minLength: 1 }),
      movers: fc.shuffledSubarray([...moverFeatures], { minLength: 1 }),
    });
    const step = fc.record({ gold, records: arbitraryRecords, losesState: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), fc.nat(3), async (steps, from) => {
        const registry = new MemoryRegistry();
        const items = steps.flatMap(({ gold: declared, records, losesState }, i): readonly DriverItem[] => [
          ...(i >= from ? [{ kind: 'registry', registry } as const] : []),
          { kind: 'redeclare', gold: declared },
          ...(losesState ? [{ kind: 'lose-state' } as const] : []),
          { kind: 'records', records },
          { kind: 'run' },
        ]);
        const fresh = new PipelineDriver({ partitions: 2, gold: steps.at(-1)!.gold });
        const all = steps.flatMap(({ records }) => records);
        expect(rowsOf(await new PipelineDriver({ partitions: 2 }).play(items))).toEqual(
          rowsOf(await fresh.play([{ kind: 'records', records: all }])),
        );
      }),
      { numRuns: 40 },
    );
  });
});
